package dev.tidemark.connectors.work.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.work.Rig;
import dev.tidemark.connectors.work.TestContext;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reports out of real tables, into them. */
@Timeout(120)
class ReportTest {
  private Rig rig;
  private final TestContext context = new TestContext();

  @BeforeEach
  void start() throws SQLException {
    rig = Rig.fresh();
    rig.sql(
        """
        INSERT INTO field.municipalities (id, code, name, population) OVERRIDING SYSTEM VALUE
          VALUES (1, 'ABC01', 'Vila <b>', 10), (2, 'ABC02', 'Empty', 10);
        INSERT INTO field.activities (id, municipality_id, kind, title, status, planned_for, visits)
          OVERRIDING SYSTEM VALUE VALUES
          (1, 1, 'SAMPLING', '<script>alert("1")</script> & ''co''', 'DONE', '2026-01-19', 1200),
          (2, 1, 'TRAINING', 'Two', 'CANCELLED', '2026-01-25', 3),
          (3, 1, 'TRAINING', 'Later', 'PENDING', '2026-01-26', 4),
          (4, 1, 'TRAINING', 'Before', 'PENDING', '2026-01-18', 5);
        INSERT INTO field.evidence
          (activity_id, municipality_id, file_name, media_type, bytes, sha256, deleted_at) VALUES
          (1, 1, 'a', 'image/jpeg', 700, sha256('a'), NULL),
          (1, 1, 'b', 'image/jpeg', 800, sha256('b'), NULL),
          (1, 1, 'c', 'image/jpeg', 900, sha256('c'), now())
        """);
  }

  @AfterEach
  void stop() throws SQLException {
    rig.close();
  }

  private static ObjectNode input(String json) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(json);
  }

  private String document(String code) throws SQLException {
    String hex =
        rig.one("SELECT encode(document, 'hex') FROM field.reports WHERE code = '" + code + "'");
    return new String(HexFormat.of().parseHex(hex), UTF_8);
  }

  @Test
  void theEvidenceOfAPeriodIsAPageThatRunsNothing() throws Exception {
    rig.sql(
        "INSERT INTO field.reports (municipality_id, code, period)"
            + " VALUES (1, 'EVD01', '[2026-01-19,2026-01-26)')");
    ObjectNode input =
        input("{\"municipality_id\": 1, \"from\": \"2026-01-19\", \"to\": \"2026-01-25\"}");
    Evidence handler = new Evidence(rig.database());
    Evidence.Made made = handler.run(input, context);
    assertThat(handler.run(input, context).report())
        .as("of one period there is one report")
        .isEqualTo(made.report());
    assertThat(
            rig.rows(
                "SELECT id, state, totals, by_weekday, ready_at IS NOT NULL,"
                    + " length(document) FROM field.reports"))
        .containsExactly(
            made.report()
                + "|READY|{\"done\": 1, \"bytes\": 1500, \"files\": 2, \"visits\": 1203,"
                + " \"cancelled\": 1, \"activities\": 2}|{1,0,0,0,0,0,1}|t|"
                + made.bytes());
    String page = document("EVD01");
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("<h1>EVD01: evidence, Vila &lt;b&gt; (ABC01)</h1>")
        .contains("From 2026-01-19 to 2026-01-25")
        .contains("2 activities, 1 done, 1 cancelled; 1,203 visits; 2 files of 1,500 bytes")
        .contains("<td>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;</td>")
        .doesNotContain("<script", "Later", "Before")
        .endsWith("</html>\n");
    assertThat(context.submitted()).containsOnlyKeys("notify");
    assertThat(context.submitted().values())
        .allSatisfy(
            job -> {
              assertThat(job.type()).isEqualTo("notify_report_ready");
              assertThat(job.input()).hasToString("{\"report_id\":" + made.report() + "}");
            });
  }

  @Test
  void whatCannotBeReportedIsSaid() throws Exception {
    Evidence handler = new Evidence(rig.database());
    for (String wrong :
        new String[] {
          "{}",
          "{\"municipality_id\": 1}",
          "{\"municipality_id\": 1, \"from\": \"x\", \"to\": \"2026-01-01\"}",
          "{\"municipality_id\": 1, \"from\": \"2026-01-02\", \"to\": \"2026-01-01\"}",
          "{\"municipality_id\": 1, \"from\": \"2020-01-02\", \"to\": \"2026-01-01\"}",
          "{\"municipality_id\": 9, \"from\": \"2026-01-01\", \"to\": \"2026-01-01\"}"
        }) {
      assertThatThrownBy(() -> handler.run(input(wrong), context)).isInstanceOf(FinalError.class);
    }
  }

  @Test
  void theLastWholeWeekIsReportedWhereSomethingWasPlanned() throws Exception {
    InstantSource monday = InstantSource.fixed(Instant.parse("2026-01-26T06:00:00Z"));
    Weekly handler = new Weekly(rig.database(), monday);
    assertThat(handler.run(input("{}"), context)).isEqualTo(new Weekly.Made("2026-01-19", 1));
    handler.run(input("{}"), context);
    assertThat(rig.rows("SELECT municipality_id, code, period, state FROM field.reports"))
        .containsExactly("1|WEEKLY|[2026-01-19,2026-01-26)|READY");
    assertThat(document("WEEKLY"))
        .contains("<tr><td>Sunday</td><td>1</td></tr>", "<td>SAMPLING</td><td>1</td>");
    assertThat(handler.run(input("{\"week\": \"2026-01-28\"}"), context))
        .isEqualTo(new Weekly.Made("2026-01-26", 1));
  }
}
