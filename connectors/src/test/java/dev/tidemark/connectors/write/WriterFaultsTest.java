package dev.tidemark.connectors.write;

import static dev.tidemark.connectors.write.WriterRig.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.servers.EmbeddedKafka;
import dev.tidemark.servers.EmbeddedPostgres18;
import dev.tidemark.servers.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every write of an entity follows the one before it, whatever falls over meanwhile. */
class WriterFaultsTest {
  private static final int ENTITIES = 40;
  private static final int WRITES = 25;

  private final EmbeddedPostgres18 postgres = new EmbeddedPostgres18(ServerConfig.temporary());
  private final EmbeddedKafka kafka = new EmbeddedKafka(ServerConfig.temporary());
  private WriterRig rig;
  private EntityType type;

  @BeforeEach
  void start() throws Exception {
    postgres.start();
    kafka.start();
    rig = new WriterRig(postgres.url().libpq(), kafka.bootstrapServers());
    type = rig.type("chain", "id int PRIMARY KEY, n int");
    rig.sql("INSERT INTO " + type.name() + " SELECT i, 0 FROM generate_series(1, 40) i");
  }

  @AfterEach
  void stop() {
    rig.close();
    kafka.close();
    postgres.close();
  }

  @Test
  void postgresIsKilledInBetween() throws Exception {
    Writer writer = rig.start();
    rig.send(chain(0));
    awaitWritten(ENTITIES * WRITES / 10);
    postgres.kill();
    rig.send(chain(WRITES));
    await()
        .atMost(WriterRig.PATIENCE)
        .until(() -> writer.health().state() == WriterHealth.State.RETRYING);
    assertThat(writer.health().up()).isFalse();
    postgres.start();

    awaitWritten(2 * ENTITIES * WRITES);
    assertEverythingInOrder(2 * WRITES);
    assertThat(writer.health().up()).isTrue();
  }

  @Test
  void oneOfTwoWritersIsKilled() throws Exception {
    Process other =
        WriterProcess.start(postgres.url().libpq(), kafka.bootstrapServers(), type.name());
    try {
      rig.send(chain(0));
      awaitWritten(ENTITIES * WRITES / 10);
      rig.start();
      rig.send(chain(WRITES));
      awaitWritten(ENTITIES * WRITES / 2);
    } finally {
      other.destroyForcibly().waitFor();
    }
    awaitWritten(2 * ENTITIES * WRITES);
    assertEverythingInOrder(2 * WRITES);
  }

  private RowWrite[] chain(int from) {
    List<RowWrite> writes = new ArrayList<>();
    for (int n = from; n < from + WRITES; n++) {
      for (int id = 1; id <= ENTITIES; id++) {
        writes.add(
            update(type, Integer.toString(id), "{'n': " + (n + 1) + "}", "{'n': " + n + "}"));
      }
    }
    return writes.toArray(RowWrite[]::new);
  }

  private void awaitWritten(int count) {
    await(count + " writes")
        .atMost(WriterRig.PATIENCE)
        .ignoreExceptions()
        .until(
            () ->
                Integer.parseInt(String.valueOf(rig.value("SELECT count(*) FROM tidemark.ledger")))
                    >= count);
  }

  private void assertEverythingInOrder(int last) {
    assertThat(rig.value("SELECT count(*) FROM tidemark.ledger WHERE result = 'applied'"))
        .isEqualTo(Integer.toString(ENTITIES * last));
    assertThat(rig.value("SELECT min(n) || ' ' || max(n) FROM " + type.name()))
        .isEqualTo(last + " " + last);
  }
}
