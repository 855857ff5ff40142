package dev.tidemark.api.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.problem.ProblemJson;
import dev.tidemark.api.request.RequestId;
import io.micronaut.http.sse.Event;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Server-sent events as a line: the id of an event is the cursor behind it. */
final class EventLine implements Line {
  /** So many events may wait for the connection; then it is full. */
  private static final int WAITING = 16;

  private static final String PATH = "/api/sync/live";

  private final AtomicInteger waiting = new AtomicInteger();
  private final Queue<Event<String>> queue = new ConcurrentLinkedQueue<>();
  private final Sinks.Many<Event<String>> sink = Sinks.many().unicast().onBackpressureBuffer(queue);

  /** What goes out. */
  Flux<Event<String>> events() {
    return sink.asFlux().doOnNext(_ -> waiting.decrementAndGet());
  }

  @Override
  public boolean isReady() {
    return waiting.get() < WAITING;
  }

  @Override
  public boolean answers() {
    return false;
  }

  @Override
  public void changes(byte[] changes, String cursor) {
    send(Event.of("{\"changes\":" + new String(changes, UTF_8) + "}").name("changes").id(cursor));
  }

  @Override
  public void caughtUp(String cursor) {
    send(Event.of("{}").name("caught_up").id(cursor));
  }

  @Override
  public void outcome(ObjectNode outcome) {
    send(Event.of(outcome.toString()).name("outcome"));
  }

  @Override
  public void heartbeat(String cursor) {
    Event<String> event = Event.of("{}").name("heartbeat");
    send(cursor.isEmpty() ? event : event.id(cursor));
  }

  @Override
  public void ask() {
    // It has no way to answer.
  }

  @Override
  public void end(Ending ending) {
    byte[] problem = ProblemJson.bytes(ending.problem(), PATH, RequestId.fresh());
    send(Event.of(new String(problem, UTF_8)).name("error"));
    var _ = sink.tryEmitComplete();
  }

  private void send(Event<String> event) {
    waiting.incrementAndGet();
    if (sink.tryEmitNext(event).isFailure()) {
      waiting.decrementAndGet();
    }
  }
}
