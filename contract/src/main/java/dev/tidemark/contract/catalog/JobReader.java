package dev.tidemark.contract.catalog;

import dev.tidemark.contract.catalog.YamlFields.Field;
import dev.tidemark.contract.catalog.YamlFields.Text;
import dev.tidemark.contract.catalog.job.Backoff;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobSchedule.Missed;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.job.JobType.Keeping;
import dev.tidemark.contract.catalog.job.JobType.Route;
import dev.tidemark.contract.catalog.job.JobType.Uniqueness;
import dev.tidemark.contract.catalog.job.Pace;
import dev.tidemark.contract.schedule.Cron;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the declarations of queues, types of jobs and schedules. */
final class JobReader {
  private static final List<String> QUEUE =
      List.of("description", "weight", "concurrency", "ttl", "rate");
  private static final List<String> JOB =
      List.of(
          "description",
          "queue",
          "priority",
          "soft",
          "hard",
          "attempts",
          "backoff",
          "rate",
          "per_key",
          "unique",
          "keep",
          "routes");
  private static final List<String> ROUTE = List.of("priority", "bulk", "queue");
  private static final List<String> SCHEDULE = List.of("job", "cron", "zone", "missed", "input");
  private static final List<String> BACKOFF = List.of("first", "factor", "longest", "jitter");
  private static final List<String> KEEP = List.of("completed", "failed");
  private static final List<String> MISSED =
      Arrays.stream(Missed.values()).map(one -> one.name().toLowerCase(Locale.ROOT)).toList();

  private static final Pattern RATE = Pattern.compile("([0-9]{1,7})/([0-9]{1,9}(?:ms|s|m|h|d))");
  private static final Pattern FACTOR = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3})?");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,2}(?:\\.[0-9]{1,3})?)%");
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST_RUN = Duration.ofDays(1);
  private static final Duration LONGEST_WAIT = Duration.ofDays(7);
  private static final Duration LONGEST_KEPT = Duration.ofDays(365);
  private static final int MOST_WEIGHT = 100;
  private static final int MOST_CONCURRENCY = 10_000;
  private static final int MOST_ATTEMPTS = 100;

  private final YamlFields yaml;
  private final Collection<String> queues;
  private final Collection<String> jobs;

  /**
   * @param queues the names of all queues that the file declares, valid or not
   * @param jobs the names of all types of jobs that the file declares, valid or not
   */
  JobReader(YamlFields yaml, Collection<String> queues, Collection<String> jobs) {
    this.yaml = yaml;
    this.queues = queues;
    this.jobs = jobs;
  }

  /** The queue; what is not as it has to be is written down. */
  JobQueue queue(String name, Field declaration) {
    checkName(name, declaration, "a queue");
    Map<String, Field> fields = yaml.fields(declaration, "a mapping with 'description'", QUEUE);
    return new JobQueue(
        name,
        description(fields.get("description")),
        number(fields.get("weight"), 1, MOST_WEIGHT, JobQueue.WEIGHT),
        number(fields.get("concurrency"), 1, MOST_CONCURRENCY, JobQueue.CONCURRENCY),
        duration(fields.get("ttl"), SHORTEST, LONGEST_WAIT, JobQueue.TTL),
        pace(fields.get("rate")));
  }

  /** The type, unless it lacks a queue. */
  Optional<JobType> job(String name, Field declaration) {
    checkName(name, declaration, "a job");
    Map<String, Field> fields = yaml.fields(declaration, "a mapping with 'queue'", JOB);
    Duration soft = duration(fields.get("soft"), SHORTEST, LONGEST_RUN, JobType.SOFT);
    Duration hard =
        duration(
            fields.get("hard"),
            SHORTEST,
            LONGEST_RUN,
            soft.compareTo(JobType.HARD) > 0 ? soft : JobType.HARD);
    if (hard.compareTo(soft) < 0) {
      Field field = fields.containsKey("hard") ? fields.get("hard") : fields.get("soft");
      if (field != null) {
        yaml.problem(field, "a hard limit no shorter than the soft one", soft + " and " + hard);
      }
      hard = soft;
    }
    JobType.Keeping keeping = keeping(fields.get("keep"));
    Duration longer = hard;
    Backoff backoff = backoff(fields.get("backoff"));
    int priority = number(fields.get("priority"), 0, JobType.HIGHEST_PRIORITY, JobType.PRIORITY);
    int attempts = number(fields.get("attempts"), 1, MOST_ATTEMPTS, JobType.ATTEMPTS);
    Optional<Pace> pace = pace(fields.get("rate"));
    Field perKey = fields.get("per_key");
    OptionalInt most =
        perKey == null
            ? OptionalInt.empty()
            : OptionalInt.of(number(perKey, 1, MOST_CONCURRENCY, 1));
    Optional<Uniqueness> unique = uniqueness(fields.get("unique"));
    String description = description(fields.get("description"));
    List<Route> routes = routes(fields.get("routes"));
    return known(declaration, fields.get("queue"), "queue", queues)
        .map(
            queue ->
                new JobType(
                    name,
                    description,
                    queue,
                    priority,
                    soft,
                    longer,
                    attempts,
                    backoff,
                    pace,
                    most,
                    unique,
                    keeping,
                    routes));
  }

  private List<Route> routes(@Nullable Field field) {
    if (field == null) {
      return List.of();
    }
    if (!(field.value() instanceof SequenceNode sequence)) {
      yaml.problem(field, "a list of mappings with 'priority' or 'bulk', and 'queue'");
      return List.of();
    }
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < sequence.getValue().size(); i++) {
      Field element = field.element(i, sequence.getValue().get(i));
      Map<String, Field> fields =
          yaml.fields(element, "a mapping with 'priority' or 'bulk', and 'queue'", ROUTE);
      int priority = number(fields.get("priority"), 0, JobType.HIGHEST_PRIORITY, 0);
      boolean bulk = flag(fields.get("bulk"));
      if (priority == 0 && !bulk) {
        yaml.problem(element, "a 'priority' from 1 to 9, or 'bulk: true': else all jobs go there");
      }
      known(element, fields.get("queue"), "queue", queues)
          .ifPresent(queue -> routes.add(new Route(priority, bulk, queue)));
    }
    return routes;
  }

  private boolean flag(@Nullable Field field) {
    if (field == null) {
      return false;
    }
    if (field.value() instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
      return scalar.getValue().equals("true");
    }
    yaml.problem(field, "true or false");
    return false;
  }

  /** The schedule, unless it lacks what every schedule has. */
  Optional<JobSchedule> schedule(String name, Field declaration) {
    checkName(name, declaration, "a schedule");
    Map<String, Field> fields =
        yaml.fields(declaration, "a mapping with 'job' and 'cron'", SCHEDULE);
    Optional<String> job = known(declaration, fields.get("job"), "job", jobs);
    Optional<Cron> cron = cron(declaration, fields.get("cron"));
    ZoneId zone = zone(fields.get("zone"));
    Missed missed =
        Optional.ofNullable(fields.get("missed"))
            .flatMap(field -> yaml.text(field, oneOf(MISSED), MISSED::contains))
            .map(text -> Missed.valueOf(text.value().toUpperCase(Locale.ROOT)))
            .orElse(Missed.ONCE);
    Field given = fields.get("input");
    Map<String, @Nullable Object> input =
        given == null ? Map.of() : new ValueReader(yaml).read(given);
    return job.flatMap(
        type -> cron.map(line -> new JobSchedule(name, type, line, zone, missed, input)));
  }

  private void checkName(String name, Field declaration, String what) {
    if (!EntityTypeReader.NAME.matcher(name).matches()) {
      yaml.problemOfName(
          declaration,
          "a name of " + what + ": a lower-case letter, then at most 62 of a-z, 0-9 and _",
          "'" + name + "'");
    }
  }

  private String description(@Nullable Field field) {
    return Optional.ofNullable(field)
        .flatMap(found -> yaml.text(found, "a sentence"))
        .map(text -> text.value().strip())
        .orElse("");
  }

  private Optional<String> known(
      Field declaration, @Nullable Field field, String what, Collection<String> names) {
    if (field == null) {
      yaml.problemOfName(declaration, "the field '" + what + "'", "no such field");
      return Optional.empty();
    }
    Optional<Text> text = yaml.text(field, "the name of a " + what);
    if (text.isPresent() && !names.contains(text.get().value())) {
      yaml.problem(
          field,
          "a " + what + " that the file declares",
          DidYouMean.hint(text.get().value(), names));
      return Optional.empty();
    }
    return text.map(Text::value);
  }

  private Optional<Cron> cron(Field declaration, @Nullable Field field) {
    if (field == null) {
      yaml.problemOfName(declaration, "the field 'cron', as '0 3 * * *'", "no such field");
      return Optional.empty();
    }
    Optional<Text> text = yaml.text(field, "a schedule in quotes, as '0 3 * * *'");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Cron.parse(text.get().value()));
    } catch (IllegalArgumentException e) {
      yaml.problem(field, "a schedule as crontab has it", "an error: " + e.getMessage());
      return Optional.empty();
    }
  }

  private ZoneId zone(@Nullable Field field) {
    if (field == null) {
      return ZoneOffset.UTC;
    }
    Optional<Text> text = yaml.text(field, "a time zone, as Europe/Madrid");
    try {
      return text.<ZoneId>map(name -> ZoneId.of(name.value())).orElse(ZoneOffset.UTC);
    } catch (DateTimeException _) {
      yaml.problem(
          field,
          "a time zone, as Europe/Madrid",
          DidYouMean.hint(text.map(Text::value).orElse(""), ZoneId.getAvailableZoneIds()));
      return ZoneOffset.UTC;
    }
  }

  private Optional<Pace> pace(@Nullable Field field) {
    if (field == null) {
      return Optional.empty();
    }
    Optional<Text> text = yaml.text(field, "a rate, as 10/1m");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = RATE.matcher(text.get().value());
    Optional<Duration> per =
        matcher.matches() ? Durations.parse(matcher.group(2)) : Optional.empty();
    if (per.isEmpty()
        || Integer.parseInt(matcher.group(1)) < 1
        || per.get().compareTo(SHORTEST) < 0
        || per.get().compareTo(LONGEST_RUN) > 0) {
      yaml.problem(field, "a rate: how many in which time up to 1d, as 10/1m");
      return Optional.empty();
    }
    return Optional.of(new Pace(Integer.parseInt(matcher.group(1)), per.get()));
  }

  private Backoff backoff(@Nullable Field field) {
    if (field == null) {
      return Backoff.DEFAULT;
    }
    Map<String, Field> fields =
        yaml.fields(field, "a mapping with 'first', 'factor', 'longest', 'jitter'", BACKOFF);
    Duration first =
        duration(fields.get("first"), Duration.ZERO, LONGEST_WAIT, Backoff.DEFAULT.first());
    Duration most =
        first.compareTo(Backoff.DEFAULT.longest()) > 0 ? first : Backoff.DEFAULT.longest();
    Duration longest = duration(fields.get("longest"), Duration.ZERO, LONGEST_WAIT, most);
    if (longest.compareTo(first) < 0) {
      yaml.problem(field, "a longest wait no shorter than the first", first + " and " + longest);
      longest = first;
    }
    return new Backoff(first, factor(fields.get("factor")), longest, jitter(fields.get("jitter")));
  }

  private double factor(@Nullable Field field) {
    if (field == null) {
      return Backoff.DEFAULT.factor();
    }
    if (field.value() instanceof ScalarNode scalar && FACTOR.matcher(scalar.getValue()).matches()) {
      double factor = Double.parseDouble(scalar.getValue());
      if (factor >= 1 && factor <= 100) {
        return factor;
      }
    }
    yaml.problem(field, "a number from 1 to 100");
    return Backoff.DEFAULT.factor();
  }

  private double jitter(@Nullable Field field) {
    if (field == null) {
      return Backoff.DEFAULT.jitter();
    }
    if (field.value() instanceof ScalarNode scalar) {
      Matcher matcher = PERCENT.matcher(scalar.getValue());
      if (matcher.matches() && Double.parseDouble(matcher.group(1)) <= 50) {
        return Double.parseDouble(matcher.group(1)) / 100;
      }
    }
    yaml.problem(field, "a percentage up to 50%");
    return Backoff.DEFAULT.jitter();
  }

  private Optional<Uniqueness> uniqueness(@Nullable Field field) {
    if (field == null) {
      return Optional.empty();
    }
    if (field.value() instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
      return scalar.getValue().equals("true")
          ? Optional.of(new Uniqueness(Optional.empty()))
          : Optional.empty();
    }
    if (!(field.value() instanceof MappingNode)) {
      yaml.problem(field, "true, or {within: a duration}");
      return Optional.empty();
    }
    Field within = yaml.fields(field, "a mapping with 'within'", List.of("within")).get("within");
    if (within == null) {
      yaml.problem(field, "the field 'within' with a duration", "no such field");
      return Optional.empty();
    }
    return Optional.of(
        new Uniqueness(Optional.of(duration(within, SHORTEST, LONGEST_KEPT, LONGEST_RUN))));
  }

  private Keeping keeping(@Nullable Field field) {
    if (field == null) {
      return Keeping.DEFAULT;
    }
    Map<String, Field> fields = yaml.fields(field, "a mapping with 'completed' and 'failed'", KEEP);
    return new Keeping(
        duration(fields.get("completed"), Duration.ZERO, LONGEST_KEPT, Keeping.DEFAULT.completed()),
        duration(fields.get("failed"), Duration.ZERO, LONGEST_KEPT, Keeping.DEFAULT.failed()));
  }

  private Duration duration(
      @Nullable Field field, Duration least, Duration most, Duration otherwise) {
    if (field == null) {
      return otherwise;
    }
    return yaml.text(
            field,
            "a duration up to " + most.toDays() + "d, as 30s",
            text -> Durations.isWithin(text, least, most))
        .flatMap(text -> Durations.parse(text.value()))
        .orElse(otherwise);
  }

  private int number(@Nullable Field field, int least, int most, int otherwise) {
    if (field == null) {
      return otherwise;
    }
    Node value = field.value();
    if (value instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.INT)
        && scalar.getValue().matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(scalar.getValue());
      if (number >= least && number <= most) {
        return number;
      }
    }
    yaml.problem(field, "a number from " + least + " to " + most);
    return otherwise;
  }

  private static String oneOf(List<String> names) {
    return "one of " + String.join(", ", names);
  }
}
