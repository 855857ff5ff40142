package dev.tidemark.pipeline.resolution.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.sync.OperationKind;
import dev.tidemark.contract.sync.SyncOperation;
import dev.tidemark.pipeline.resolution.core.Conflict.Resolution;
import dev.tidemark.pipeline.resolution.core.Effect.Delete;
import dev.tidemark.pipeline.resolution.core.Effect.Insert;
import dev.tidemark.pipeline.resolution.core.Effect.Nothing;
import dev.tidemark.pipeline.resolution.core.Effect.Refused;
import dev.tidemark.pipeline.resolution.core.Effect.Undecided;
import dev.tidemark.pipeline.resolution.core.Effect.Update;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells a decision to somebody who has a person with a question on the telephone. */
public final class Words {
  private static final int LONGEST = 80;
  private static final String OPERATOR = "operator:";
  private static final DateTimeFormatter MOMENT =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Words() {}

  /**
   * A few sentences, one to a line.
   *
   * @param known what the decision found: it says whose each field was
   */
  public static String of(SyncOperation operation, Decision decision, Known known) {
    List<String> lines = new ArrayList<>();
    Explanation why = decision.explanation();
    lines.add(asked(operation));
    if (!why.clientTime().equals(why.correctedTime())) {
      lines.add(clock(why));
    }
    Conflict conflict = decision.conflict();
    if (operation.kind() != OperationKind.CREATE || conflict != null) {
      lines.add(seen(why));
    }
    if (conflict != null) {
      lines.add(met(conflict, why, known));
    }
    lines.add(done(operation, decision));
    for (FieldDecision field : why.fields()) {
      lines.add("- " + field(field));
    }
    return String.join("\n", lines);
  }

  /** What somebody wanted, before anything is decided. */
  public static String asked(SyncOperation operation) {
    List<String> names = new ArrayList<>();
    operation.data().fieldNames().forEachRemaining(names::add);
    String what =
        switch (operation.kind()) {
          case CREATE -> "create";
          case UPDATE -> names.isEmpty() ? "leave as it is" : "change " + list(names) + " of";
          case DELETE -> "delete";
        };
    return "%s asked at %s to %s %s (strategy %s)."
        .formatted(
            capital(actor(operation.device())),
            moment(operation.time()),
            what,
            operation.key().canonical(),
            operation.strategy().text());
  }

  private static String actor(@Nullable String device) {
    if (device == null) {
      return "somebody on the server's side";
    }
    return device.startsWith(OPERATOR)
        ? "operator " + device.substring(OPERATOR.length())
        : "device " + device;
  }

  private static String moment(Instant at) {
    return MOMENT.format(at.truncatedTo(ChronoUnit.MILLIS)) + " UTC";
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String list(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }

  private static String clock(Explanation why) {
    Duration off = Duration.between(why.correctedTime(), why.clientTime());
    return "Its clock said %s, which is %s %s; the time above is corrected."
        .formatted(
            moment(why.clientTime()),
            length(off.abs()),
            off.isNegative() ? "behind ours" : "ahead of ours");
  }

  private static String length(Duration duration) {
    if (duration.compareTo(Duration.ofMinutes(2)) < 0) {
      return duration.toMillis() / 1000.0 + " s";
    }
    return duration.compareTo(Duration.ofHours(3)) < 0
        ? duration.toMinutes() + " minutes"
        : duration.toHours() + " hours";
  }

  private static String seen(Explanation why) {
    return switch (why.baseKnownBy()) {
      case "given" -> "It said that it had seen version " + why.base() + ".";
      case "seen" -> "It did not say what it had seen; we had last shown it " + why.base() + ".";
      case "nothing" -> "It knew of no such row.";
      default ->
          "It did not say what it had seen, and we do not know; its clock had to tell what is newer.";
    };
  }

  private static String met(Conflict conflict, Explanation why, Known known) {
    String when = why.serverTime() == null ? "" : ", at " + moment(why.serverTime()) + ",";
    String who = actor(why.serverDevice());
    return switch (conflict.type()) {
      case UPDATE_UPDATE, DELETE_UPDATE -> changed(conflict, why, known);
      case UPDATE_DELETE ->
          why.server() == null
              ? "Meanwhile somebody had deleted it."
              : "Meanwhile%s %s had deleted it.".formatted(when, who);
      case CREATE_CREATE ->
          "Meanwhile the same identifier was taken; the row's last change was at %s by %s."
              .formatted(why.serverTime() == null ? "?" : moment(why.serverTime()), who);
    };
  }

  /** Who changed what. When is known of the row's last change only. */
  private static String changed(Conflict conflict, Explanation why, Known known) {
    Instant at = why.serverTime();
    Map<String, List<String>> byWhom = new LinkedHashMap<>();
    boolean last = true;
    for (String field : conflict.fields()) {
      String who = why.serverDevice();
      if (known instanceof Known.Live live) {
        who = live.stamp(field).device();
        last &= live.stamp(field).version().equals(live.last().version());
      }
      byWhom.computeIfAbsent(actor(who), _ -> new ArrayList<>()).add(field);
    }
    List<String> changes = new ArrayList<>();
    byWhom.forEach((who, fields) -> changes.add(who + " had changed " + list(fields)));
    String what = list(changes);
    if (at == null) {
      return "Meanwhile " + what + ".";
    }
    return last
        ? "Meanwhile, at %s, %s.".formatted(moment(at), what)
        : "Meanwhile %s; the row's last change was at %s.".formatted(what, moment(at));
  }

  private static String done(SyncOperation operation, Decision decision) {
    Conflict conflict = decision.conflict();
    return switch (decision.effect()) {
      case Insert _ ->
          operation.kind() == OperationKind.CREATE
              ? "The row was created" + because(decision)
              : "The row was brought back, with what was set here" + because(decision);
      case Update(ObjectNode patch) -> {
        List<String> names = new ArrayList<>();
        patch.fieldNames().forEachRemaining(names::add);
        yield "Changed: " + list(names) + because(decision);
      }
      case Delete _ -> "The row was deleted" + because(decision);
      case Nothing _ ->
          conflict == null
              ? "Nothing had to be done: it was so already."
              : "Nothing was changed" + because(decision);
      case Refused refused -> refused(refused);
      case Undecided _ -> "Nothing was changed yet" + because(decision);
    };
  }

  private static String refused(Refused refused) {
    return switch (refused.refusal()) {
      case NOT_FOUND -> "It was refused: there is no such row that this device may see.";
      case NOT_AVAILABLE -> "It was refused: the identifier cannot be used.";
      case FORBIDDEN -> "It was refused: the device may not write rows of that scope.";
      case KEY_CHANGED -> "It was refused: a row keeps its key.";
    };
  }

  private static String because(Decision decision) {
    return switch (decision.explanation().reason()) {
      case NO_CONFLICT, ALREADY_SO, REFUSED -> ".";
      case STRATEGY ->
          decision.conflict() != null && decision.conflict().resolution() == Resolution.CLIENT
              ? ", because the strategy prefers the device."
              : ", because the strategy prefers the server.";
      case TIME -> time(decision);
      case FIELDS -> ", because this strategy decides field by field:";
      case EDIT_OUTLIVES_DELETION ->
          ", because an edit and a deletion met, and an edit is not lost to a deletion.";
      case TOMBSTONE_EXPIRED ->
          ", because the row was deleted so long ago that what was in it is forgotten.";
      case LEFT_TO_A_PERSON -> ", because the strategy leaves it to a person.";
      case BASE_UNKNOWN ->
          ", because a field's policy needs the value that the device had seen, which is not known."
              + " A person has to decide.";
    };
  }

  private static String time(Decision decision) {
    Conflict conflict = decision.conflict();
    if (conflict == null || conflict.resolution() == Resolution.MERGED) {
      return ", because the later of both counts.";
    }
    return conflict.resolution() == Resolution.CLIENT
        ? ", because the later of both counts, and that was this one."
        : ", because the later of both counts, and that was the other one.";
  }

  private static String field(FieldDecision field) {
    String why =
        switch (field.rule()) {
          case EQUAL -> "both have the same value";
          case UNCONTESTED -> "nobody else had changed it";
          case LATE -> "the device had already sent a later value";
          case STRATEGY -> "the strategy says so";
          case LATER -> "it was written later";
          case POLICY -> policy(field);
          case BASE_UNKNOWN -> "the value that the device had seen is not known";
        };
    String result = text(field.result());
    return switch (field.winner()) {
      case CLIENT -> "%s: the device's %s stands; %s.".formatted(field.field(), result, why);
      case SERVER ->
          field.rule() == FieldDecision.Rule.EQUAL
              ? "%s: %s; %s.".formatted(field.field(), result, why)
              : "%s: the server's %s stands, not the device's %s; %s."
                  .formatted(field.field(), result, text(field.client()), why);
      case BOTH ->
          "%s: %s, made of the device's %s and the server's %s%s; %s."
              .formatted(
                  field.field(),
                  result,
                  text(field.client()),
                  text(field.server()),
                  before(field.base()),
                  why);
    };
  }

  private static String policy(FieldDecision field) {
    if (field.winner() != FieldDecision.Winner.BOTH) {
      return "the catalog's rule for this field says so";
    }
    if (field.result().isArray()) {
      return "of lists, what each of both put in or took out is kept";
    }
    if (field.result().isObject()) {
      return "objects are merged part by part";
    }
    return "the catalog counts what each of both added";
  }

  private static String before(@Nullable JsonNode base) {
    return base == null ? "" : " (before: " + text(base) + ")";
  }

  private static String text(JsonNode value) {
    String text = value.isNull() ? "nothing" : value.toString();
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
