/**
 * The OpenAPI document, made from the code when it is compiled. A test compares it with the routes
 * of the running application.
 */
@NullMarked
package dev.tidemark.api.openapi;

import org.jspecify.annotations.NullMarked;
