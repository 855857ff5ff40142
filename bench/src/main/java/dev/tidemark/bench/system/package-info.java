/**
 * The whole system in processes that can be killed: a database, a broker, a cache, the connectors
 * and two api nodes, the door through which a device speaks to them, and where figures are kept
 * with the machine they come from. May touch the embedded servers and start the mains of the
 * modules by name; of their code nothing.
 */
@NullMarked
package dev.tidemark.bench.system;

import org.jspecify.annotations.NullMarked;
