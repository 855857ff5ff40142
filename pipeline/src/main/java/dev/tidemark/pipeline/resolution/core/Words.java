package dev.tidemark.pipeline.resolution.core;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a decision to somebody who has a person with a question on the telephone. */
public final class Words {
  private static final int LONGEST = 80;

  private Words() {}

  /** A few sentences, one to a line. */
  public static String of(SyncOperation operation, Decision decision) {
    List<String> lines = new ArrayList<>();
    lines.add(asked(operation));
    Explanation why = decision.explanation();
    if (!why.clientTime().equals(why.correctedTime())) {
      lines.add(clock(why));
    }
    lines.add(seen(why));
    Conflict conflict = decision.conflict();
    if (conflict != null) {
      lines.add(met(conflict, why));
    }
    lines.add(done(decision));
    for (FieldDecision field : why.fields()) {
      lines.add("- " + field(field));
    }
    return String.join("\n", lines);
  }

  private static String asked(SyncOperation operation) {
    String what =
        switch (operation.kind()) {
          case CREATE -> "create";
          case UPDATE -> "change";
          case DELETE -> "delete";
        };
    return "Device %s asked at %s to %s %s (strategy %s)."
        .formatted(
            operation.device(),
            operation.time(),
            what,
            operation.key().canonical(),
            operation.strategy().text());
  }

  private static String clock(Explanation why) {
    Duration off = Duration.between(why.correctedTime(), why.clientTime());
    return "Its clock said %s, which is %s %s; the time above is corrected."
        .formatted(
            why.clientTime(),
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
      case "given" -> "It says it had seen version " + why.base() + ".";
      case "seen" -> "It did not say what it had seen; we had last shown it " + why.base() + ".";
      case "nothing" -> "It knew of no such row.";
      default ->
          "It did not say what it had seen, and we do not know; its clock had to tell what is newer.";
    };
  }

  private static String met(Conflict conflict, Explanation why) {
    Instant at = why.serverTime();
    String when = at == null ? "" : " at " + at;
    String who = why.serverDevice() == null ? "somebody" : "device " + why.serverDevice();
    String fields = conflict.fields().isEmpty() ? "it" : String.join(", ", conflict.fields());
    return switch (conflict.type()) {
      case UPDATE_UPDATE -> "Meanwhile%s %s had changed %s as well.".formatted(when, who, fields);
      case UPDATE_DELETE -> "Meanwhile%s %s had deleted it.".formatted(when, who);
      case DELETE_UPDATE -> "Meanwhile%s %s had changed %s.".formatted(when, who, fields);
      case CREATE_CREATE -> "Meanwhile%s %s had created it as well.".formatted(when, who);
    };
  }

  private static String done(Decision decision) {
    return switch (decision.effect()) {
      case Insert _ ->
          decision.conflict() == null
              ? "The row was created."
              : "The row was brought back, with what the device had set" + because(decision);
      case Update update -> "Changed: " + String.join(", ", names(update)) + because(decision);
      case Delete _ -> "The row was deleted" + because(decision);
      case Nothing _ ->
          decision.conflict() == null
              ? "Nothing had to be done: it was so already."
              : "Nothing was changed" + because(decision);
      case Refused refused -> refused(refused);
      case Undecided _ -> "Nothing was changed yet" + because(decision);
    };
  }

  private static List<String> names(Update update) {
    List<String> names = new ArrayList<>();
    update.patch().fieldNames().forEachRemaining(names::add);
    return names;
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
      case TIME -> ", because the later of both counts.";
      case FIELDS -> ", because each field was decided by itself:";
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

  private static String field(FieldDecision field) {
    String why =
        switch (field.rule()) {
          case EQUAL -> "both have the same value";
          case UNCONTESTED -> "nobody else had changed it";
          case LATE -> "the device had already sent a later value";
          case STRATEGY -> "the strategy says so";
          case LATER -> "it was written later";
          case POLICY -> "the catalog's policy for this field says so";
          case BASE_UNKNOWN -> "the value that the device had seen is not known";
        };
    String result = text(field.result());
    return switch (field.winner()) {
      case CLIENT -> "%s: the device's %s stands; %s.".formatted(field.field(), result, why);
      case SERVER ->
          field.rule() == FieldDecision.Rule.EQUAL
              ? "%s: %s; %s.".formatted(field.field(), result, why)
              : "%s: our %s stands, not %s; %s."
                  .formatted(field.field(), result, text(field.client()), why);
      case BOTH ->
          "%s: %s, made of the device's %s and our %s%s; %s."
              .formatted(
                  field.field(),
                  result,
                  text(field.client()),
                  text(field.server()),
                  before(field.base()),
                  why);
    };
  }

  private static String before(@Nullable JsonNode base) {
    return base == null ? "" : " (before: " + text(base) + ")";
  }

  private static String text(JsonNode value) {
    String text = value.toString();
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
