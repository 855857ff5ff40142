@NullMarked
package dev.tidemark.connectors.work.notice;

import org.jspecify.annotations.NullMarked;
