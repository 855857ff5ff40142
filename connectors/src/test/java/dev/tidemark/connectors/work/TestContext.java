package dev.tidemark.connectors.work;

import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.NewJob;
import dev.tidemark.contract.job.WorkOrder.Why;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a handler may know and say, and the test sees. One for all attempts of a job. */
public final class TestContext implements JobContext {
  private final List<String> lines = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private final Map<String, NewJob> submitted = new LinkedHashMap<>();
  private final List<Instant> forgotten = new ArrayList<>();
  private @Nullable String saved;
  private int checkpoints = Integer.MAX_VALUE;
  private Instant soft = Instant.now().plusSeconds(600);

  /** It has to end at the next place where it may, after so many. */
  public TestContext endAfter(int passed) {
    checkpoints = passed;
    return this;
  }

  /** The next attempt of the same job. */
  public TestContext again() {
    checkpoints = Integer.MAX_VALUE;
    return this;
  }

  public TestContext soft(Instant time) {
    soft = time;
    return this;
  }

  public List<String> lines() {
    return lines;
  }

  public List<String> told() {
    return progress;
  }

  public Map<String, NewJob> submitted() {
    return submitted;
  }

  public List<Instant> forgotten() {
    return forgotten;
  }

  @Override
  public String id() {
    return "0001-test";
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public Instant soft() {
    return soft;
  }

  @Override
  public Instant hard() {
    return soft.plusSeconds(60);
  }

  @Override
  public void progress(int percent, String text) {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException(percent + " %");
    }
    progress.add(percent + " " + text);
  }

  @Override
  public Optional<Why> asked() {
    return checkpoints-- > 0 ? Optional.empty() : Optional.of(Why.CANCELLED);
  }

  @Override
  public void log(String line) {
    lines.add(line);
  }

  @Override
  public Optional<String> saved() {
    return Optional.ofNullable(saved);
  }

  @Override
  public void save(String state) {
    if (state.length() > 10_000) {
      throw new IllegalArgumentException("too long to be saved");
    }
    saved = state;
  }

  @Override
  public String submit(String name, NewJob job) {
    submitted.put(name, job);
    return "child " + name;
  }

  @Override
  public void forgetEnded(Instant before) {
    forgotten.add(before);
  }
}
