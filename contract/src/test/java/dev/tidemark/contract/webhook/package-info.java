@NullMarked
package dev.tidemark.contract.webhook;

import org.jspecify.annotations.NullMarked;
