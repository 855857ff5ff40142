@NullMarked
package dev.tidemark.connectors.work.webhook;

import org.jspecify.annotations.NullMarked;
