/**
 * Pictures and pages of the topologies, the topic catalogue and AsyncAPI, generated from the code
 * that runs, so that they cannot say anything else. Touches the contract, the pipeline's
 * descriptions and files; starts nothing.
 */
@NullMarked
package dev.tidemark.topologydocs;

import org.jspecify.annotations.NullMarked;
