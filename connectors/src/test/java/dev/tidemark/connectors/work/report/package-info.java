@NullMarked
package dev.tidemark.connectors.work.report;

import org.jspecify.annotations.NullMarked;
