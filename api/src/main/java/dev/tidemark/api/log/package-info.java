/**
 * How a process of ours writes its log: JSON for machines, text for people. A process that hosts
 * the api may use it or not; nothing else here depends on it.
 */
@NullMarked
package dev.tidemark.api.log;

import org.jspecify.annotations.NullMarked;
