@NullMarked
package dev.tidemark.contract.schedule;

import org.jspecify.annotations.NullMarked;
