/**
 * The data directory of a system that runs on this machine: where its parts keep their data, who
 * runs on it, and the secret that its tokens are signed with.
 *
 * <p>May touch files and {@code dev.tidemark.servers}; starts nothing.
 */
@NullMarked
package dev.tidemark.standalone.home;

import org.jspecify.annotations.NullMarked;
