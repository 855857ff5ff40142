/** What keys, queries and parameters of views are made of. */
@NullMarked
package dev.tidemark.contract.catalog.view;

import org.jspecify.annotations.NullMarked;
