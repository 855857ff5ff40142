/**
 * Api nodes as the checker of the cache starts them: without a line of log for each of a million
 * requests, and one that is deaf. May start the api, and reach into its running parts to break
 * them.
 */
@NullMarked
package dev.tidemark.bench.verify.cache.node;

import org.jspecify.annotations.NullMarked;
