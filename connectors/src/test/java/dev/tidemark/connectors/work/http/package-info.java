@NullMarked
package dev.tidemark.connectors.work.http;

import org.jspecify.annotations.NullMarked;
