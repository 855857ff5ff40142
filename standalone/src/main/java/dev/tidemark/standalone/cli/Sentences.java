package dev.tidemark.standalone.cli;

import dev.tidemark.servers.ServerException;
import dev.tidemark.standalone.home.Refusal;
import dev.tidemark.standalone.system.PartFailed;
import java.nio.file.AccessDeniedException;
import java.sql.SQLException;
import java.util.Locale;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into a sentence and an exit status; stack traces go to the log. */
final class Sentences implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    if (!(failure instanceof Refusal)) {
      LoggerFactory.getLogger(Sentences.class).error("The command failed", failure);
    }
    command.getErr().println("tidemark: " + sentence(failure));
    command.getErr().flush();
    return failure instanceof Refusal refusal ? refusal.status() : Refusal.FAILED;
  }

  static String sentence(Throwable failure) {
    if (diskIsFull(failure)) {
      return "The disk is full: make room and start again; nothing that was committed is lost.";
    }
    return switch (failure) {
      case Refusal refusal -> String.valueOf(refusal.getMessage());
      case ServerException server -> String.valueOf(server.getMessage());
      case PartFailed part -> part.getMessage() + "; the log says more.";
      case SQLException sql -> "Postgres says: " + sql.getMessage();
      case KafkaException kafka -> "Kafka says: " + kafka.getMessage();
      case AccessDeniedException denied ->
          denied.getFile() + " cannot be written: make it writable, or choose another --data.";
      default ->
          "That should not have happened: "
              + failure
              + ". The log of the data directory says more.";
    };
  }

  private static boolean diskIsFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage())
          .toLowerCase(Locale.ROOT)
          .contains("no space left on device")) {
        return true;
      }
    }
    return false;
  }
}
