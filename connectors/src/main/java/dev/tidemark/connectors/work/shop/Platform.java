package dev.tidemark.connectors.work.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.connectors.jobs.Ended;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.work.http.AddressRefused;
import dev.tidemark.connectors.work.http.Metronome;
import dev.tidemark.connectors.work.http.Outside;
import dev.tidemark.connectors.work.http.Pause;
import dev.tidemark.connectors.work.http.Reply;
import dev.tidemark.connectors.work.http.ReplyTooLong;
import dev.tidemark.connectors.work.http.Request;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks sales platforms, at a pace of our own. What may be better in a moment is asked again a few
 * times; a platform that says when it wants to be asked is asked then.
 */
final class Platform {
  private static final int TRIES = 5;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MOST_BYTES = 8 * 1024 * 1024;
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final int TOO_MANY = 429;
  private static final int TIMEOUT = 408;

  /** What was found. */
  sealed interface Answer {
    /** A page, and by what to ask whether it is still the same. */
    record Found(Page page, @Nullable String etag, @Nullable String lastModified)
        implements Answer {}

    /** Nothing has changed. */
    record Unchanged() implements Answer {}

    /** The platform does not know the page that was asked for, any more. */
    record NoSuchPage() implements Answer {}
  }

  private final Outside outside;
  private final Metronome metronome = new Metronome();
  private final Map<Integer, String> tokens;
  private final Pause pause;
  private final InstantSource clock;
  private final DoubleSupplier dice;

  /**
   * @param tokens the secret by which an integration's platform knows us, by the integration's id
   * @param dice from 0 to 1
   */
  Platform(
      Outside outside,
      Map<Integer, String> tokens,
      Pause pause,
      InstantSource clock,
      DoubleSupplier dice) {
    this.outside = outside;
    this.tokens = Map.copyOf(tokens);
    this.pause = pause;
    this.clock = clock;
    this.dice = dice;
  }

  /** What is asked for a page. */
  static String url(
      Integration integration, String kind, Optional<String> since, Optional<String> next) {
    StringBuilder url = new StringBuilder(integration.baseUrl());
    if (url.charAt(url.length() - 1) == '/') {
      url.setLength(url.length() - 1);
    }
    url.append('/').append(kind).append("?limit=").append(integration.pageSize());
    since.ifPresent(text -> url.append("&since=").append(URLEncoder.encode(text, UTF_8)));
    next.ifPresent(text -> url.append("&page=").append(URLEncoder.encode(text, UTF_8)));
    return url.toString();
  }

  Answer page(
      Integration integration, String url, Cursor known, boolean isFirst, JobContext context)
      throws IOException, FinalError, Ended, InterruptedException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept", "application/json");
    String token = tokens.get(integration.id());
    if (token != null) {
      headers.put("Authorization", "Bearer " + token);
    }
    if (isFirst && url.equals(known.url())) {
      putIfKnown(headers, "If-None-Match", known.etag());
      putIfKnown(headers, "If-Modified-Since", known.lastModified());
    }
    URI address;
    try {
      address = outside.reach().url(url);
    } catch (AddressRefused e) {
      throw new FinalError(String.valueOf(e.getMessage()), e);
    }
    Request request = Request.get(address, headers, LIMIT, MOST_BYTES);
    return answer(ask(integration, request, context), isFirst);
  }

  private static void putIfKnown(Map<String, String> headers, String name, @Nullable String value) {
    if (value != null) {
      headers.put(name, value);
    }
  }

  private static Answer answer(Reply reply, boolean isFirst) throws FinalError {
    return switch (reply.status()) {
      case 200 ->
          new Answer.Found(
              Page.read(reply.body()),
              reply.header("ETag").orElse(null),
              reply.header("Last-Modified").orElse(null));
      case 304 -> new Answer.Unchanged();
      case 400, 404, 410 -> {
        if (isFirst) {
          throw refused(reply);
        }
        yield new Answer.NoSuchPage();
      }
      default -> throw refused(reply);
    };
  }

  private static FinalError refused(Reply reply) {
    return new FinalError("the platform answers with status " + reply.status());
  }

  private Reply ask(Integration integration, Request request, JobContext context)
      throws IOException, FinalError, Ended, InterruptedException {
    String host = request.url().getAuthority();
    for (int tried = 1; ; tried++) {
      waitFor(metronome.turn(host, integration.between(), clock.instant()), context);
      String trouble;
      Duration wait = backoff(tried);
      try {
        Reply reply = outside.send(request);
        if (reply.status() < 500 && reply.status() != TOO_MANY && reply.status() != TIMEOUT) {
          return reply;
        }
        trouble = "status " + reply.status();
        Optional<Instant> wanted = reply.header("Retry-After").flatMap(this::time);
        if (wanted.isPresent()) {
          metronome.notBefore(host, wanted.get());
          wait = Duration.between(clock.instant(), wanted.get());
        }
      } catch (AddressRefused | ReplyTooLong e) {
        throw new FinalError(String.valueOf(e.getMessage()), e);
      } catch (IOException e) {
        context.checkpoint();
        if (tried == TRIES) {
          throw e;
        }
        trouble = String.valueOf(e.getMessage());
      }
      if (tried == TRIES) {
        throw new IOException("the platform was asked %d times: %s".formatted(TRIES, trouble));
      }
      context.log("the platform: " + trouble + "; asked again in " + wait.toMillis() + " ms");
      waitFor(wait, context);
    }
  }

  /** Waits, unless it would take longer than this attempt has. */
  private void waitFor(Duration time, JobContext context)
      throws IOException, Ended, InterruptedException {
    context.checkpoint();
    if (!time.isPositive()) {
      return;
    }
    if (time.compareTo(LONGEST_WAIT) > 0 || clock.instant().plus(time).isAfter(context.soft())) {
      throw new IOException(
          "the platform is not to be asked for the next " + time.toSeconds() + " s");
    }
    try {
      pause.pause(time);
    } catch (InterruptedException e) {
      context.checkpoint();
      throw e;
    }
    context.checkpoint();
  }

  private Duration backoff(int tried) {
    double plain = FIRST_WAIT.toMillis() * Math.pow(2, tried - 1);
    return Duration.ofMillis(Math.round(plain * (0.5 + dice.getAsDouble())));
  }

  /** When a platform wants to be asked again: so many seconds from now, or at a time. */
  private Optional<Instant> time(String retryAfter) {
    String text = retryAfter.strip();
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(clock.instant().plusSeconds(Long.parseLong(text)));
    }
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
