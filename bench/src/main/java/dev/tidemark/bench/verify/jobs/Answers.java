package dev.tidemark.bench.verify.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.bench.system.Door;
import dev.tidemark.bench.verify.Findings;
import dev.tidemark.bench.verify.Findings.Kind;
import dev.tidemark.contract.job.JobState;
import dev.tidemark.contract.job.JobState.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Holds what nodes answer of jobs against what was told of them last. */
final class Answers {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST = 150;

  private final List<Door> doors;
  private final String token;

  Answers(List<Door> doors, String token) {
    this.doors = doors;
    this.token = token;
  }

  /** Asks each node for some jobs; nobody changes any meanwhile. */
  void check(Evidence evidence, Findings findings) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int every = Math.max(1, evidence.lives().size() / MOST);
    int number = 0;
    for (String id : evidence.lives().keySet()) {
      List<JobState> life = evidence.life(id);
      if (number++ % every == 0 && !life.isEmpty()) {
        for (Door door : doors) {
          String answer = answer(door, id);
          while (!answer.equals(words(life.getLast())) && System.nanoTime() < deadline) {
            Thread.sleep(50);
            answer = answer(door, id);
          }
          if (!answer.equals(words(life.getLast()))) {
            findings.add(
                Kind.STATE,
                "%s answers '%s' of it: %s".formatted(door, answer, evidence.story(id)));
          }
        }
      }
    }
  }

  private String answer(Door door, String id) throws InterruptedException {
    try {
      Door.Answer answer = door.get("/api/sync/jobs/" + id, token);
      JsonNode job = answer.json();
      return answer.status() == 200
          ? job.path("status").asText() + " " + job.path("result")
          : Integer.toString(answer.status());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String words(JobState job) {
    boolean waits = job.status() == Status.SCHEDULED || job.status() == Status.READY;
    return (waits ? "QUEUED" : job.status().name()) + " " + job.result().orElse("");
  }
}
