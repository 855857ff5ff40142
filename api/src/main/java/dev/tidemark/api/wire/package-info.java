/**
 * What happens before a request is a request: the limits of the HTTP codec, the time a client has
 * to finish sending, and the headers that every answer carries, also the answers to bytes that
 * never became a request. May use Netty; nothing else of Tidemark but {@code problem} and {@code
 * request}.
 */
@NullMarked
package dev.tidemark.api.wire;

import org.jspecify.annotations.NullMarked;
