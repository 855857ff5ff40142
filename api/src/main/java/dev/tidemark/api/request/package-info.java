/**
 * What accompanies a request from its first byte to its log line. Depends on nothing of Tidemark.
 */
@NullMarked
package dev.tidemark.api.request;

import org.jspecify.annotations.NullMarked;
