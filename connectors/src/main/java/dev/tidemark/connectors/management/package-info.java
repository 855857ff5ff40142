/** What an operator's tools ask a process without an api: health and metrics. May touch the JDK. */
@NullMarked
package dev.tidemark.connectors.management;

import org.jspecify.annotations.NullMarked;
