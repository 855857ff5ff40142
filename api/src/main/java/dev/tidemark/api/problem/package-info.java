/**
 * Everything that goes wrong, told the same way: RFC 9457 problem details. {@link
 * dev.tidemark.api.problem.ProblemType} is the catalogue of what can go wrong; its pages explain
 * each in words. No problem ever carries a class name, a statement, a stack trace or a host.
 */
@NullMarked
package dev.tidemark.api.problem;

import org.jspecify.annotations.NullMarked;
