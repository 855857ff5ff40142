/**
 * How a call between programs is signed, so that whoever is called knows who calls. Plain values.
 */
@NullMarked
package dev.tidemark.contract.webhook;

import org.jspecify.annotations.NullMarked;
