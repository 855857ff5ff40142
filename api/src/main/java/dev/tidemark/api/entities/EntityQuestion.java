package dev.tidemark.api.entities;

import dev.tidemark.api.request.RequestId;
import dev.tidemark.api.security.Caller;
import java.util.Optional;

/**
 * What a caller wants to know, and what another node needs to answer in our place.
 *
 * @param authorization the header as it came: the owner checks the token itself
 * @param relayed whether another node asks for a caller of its own; such a question goes no further
 */
record EntityQuestion(
    EntityAddress address,
    Caller caller,
    String authorization,
    Optional<String> ifNoneMatch,
    boolean withMeta,
    RequestId requestId,
    boolean relayed) {}
