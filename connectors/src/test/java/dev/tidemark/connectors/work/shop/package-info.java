@NullMarked
package dev.tidemark.connectors.work.shop;

import org.jspecify.annotations.NullMarked;
