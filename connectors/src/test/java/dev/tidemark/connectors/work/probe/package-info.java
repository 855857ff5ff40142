/** The probe, alone. */
@NullMarked
package dev.tidemark.connectors.work.probe;

import org.jspecify.annotations.NullMarked;
