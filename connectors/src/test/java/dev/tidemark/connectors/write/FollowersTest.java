package dev.tidemark.connectors.write;

import static dev.tidemark.connectors.write.WriterRig.following;
import static dev.tidemark.connectors.write.WriterRig.together;
import static dev.tidemark.connectors.write.WriterRig.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.catalog.EntityType;
import dev.tidemark.contract.sync.RowWrite;
import dev.tidemark.contract.sync.WriteAnswer;
import dev.tidemark.servers.Servers;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations that settle a conflict or take another operation back do so once. */
class FollowersTest {
  private static Servers servers;
  private WriterRig rig;
  private EntityType type;

  @BeforeAll
  static void startServers() {
    servers = Servers.forTests();
  }

  @AfterAll
  static void stopServers() {
    servers.close();
  }

  @BeforeEach
  void makeRig() throws SQLException {
    rig = new WriterRig(servers.postgresUrl(), servers.kafka());
    type = rig.type("followed", "id int PRIMARY KEY, n int");
    rig.sql("INSERT INTO " + type.name() + " VALUES (1, 1), (2, 1), (3, 1)");
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @Test
  void theFirstToResolveAConflictDoesAndTheSecondIsTold() throws Exception {
    String conflict = UUID.randomUUID().toString();
    RowWrite first = following(update(type, "1", "{'n': 2}", "{'n': 1}"), conflict, null);
    RowWrite second = following(update(type, "1", "{'n': 3}", "{'n': 2}"), conflict, null);
    RowWrite other =
        following(update(type, "2", "{'n': 2}", "{'n': 1}"), null, UUID.randomUUID().toString());
    rig.sendToOnePartition(first, second, other);
    rig.start();

    assertThat(rig.result(first)).isEqualTo("applied");
    assertThat(rig.result(other)).isEqualTo("applied");
    assertThat(rig.rejection(second).get("code").textValue()).isEqualTo("already_followed");
    assertThat(rig.value("SELECT n FROM " + type.name() + " WHERE id = 1")).isEqualTo("2");
  }

  @Test
  void whatIsTakenBackOnceIsNotTakenBackAgain() throws Exception {
    String original = UUID.randomUUID().toString();
    RowWrite first = following(update(type, "1", "{'n': 2}", "{'n': 1}"), null, original);
    rig.send(first);
    rig.start();
    assertThat(rig.result(first)).isEqualTo("applied");

    RowWrite second = following(update(type, "1", "{'n': 3}", "{'n': 2}"), null, original);
    rig.send(second, first);
    assertThat(rig.result(second)).isEqualTo("rejected");
    assertThat(rig.answer(first).kind()).isEqualTo(WriteAnswer.Kind.DUPLICATE);
  }

  @Test
  void twoInOneWriteAreTakenApart() throws Exception {
    String conflict = UUID.randomUUID().toString();
    RowWrite both = following(together(update(type, "3", "{'n': 2}", "{'n': 1}")), conflict, null);
    rig.send(both);
    rig.start();
    assertThat(rig.answer(both).kind()).isEqualTo(WriteAnswer.Kind.SPLIT);
    assertThat(rig.value("SELECT n FROM " + type.name() + " WHERE id = 3")).isEqualTo("1");
  }
}
