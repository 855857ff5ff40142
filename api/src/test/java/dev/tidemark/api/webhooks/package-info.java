@NullMarked
package dev.tidemark.api.webhooks;

import org.jspecify.annotations.NullMarked;
