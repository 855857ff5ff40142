package dev.tidemark.api.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.api.live.Ending;
import dev.tidemark.api.live.Line;
import dev.tidemark.api.problem.ProblemJson;
import dev.tidemark.api.request.RequestId;
import io.micronaut.http.sse.Event;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Says that there is something to pull, and not what: what is told between the end of a pull and
 * the first event would be missed, and an event's checkpoint would hide that for ever.
 */
final class ResyncLine implements Line {
  private static final Duration NOT_MORE_OFTEN = Duration.ofMillis(200);

  /** Of events that say nothing new no more than these have to wait for a slow connection. */
  private static final int WAITING = 4;

  private final String path;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean isDue = new AtomicBoolean();
  private final Sinks.Many<Event<String>> sink = Sinks.many().unicast().onBackpressureBuffer();
  private volatile long sentNanos = System.nanoTime() - NOT_MORE_OFTEN.toNanos();

  ResyncLine(String path) {
    this.path = path;
  }

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
    resync();
  }

  /** Also after every connection: what happened since the last one is not told otherwise. */
  @Override
  public void caughtUp(String cursor) {
    resync();
  }

  private void resync() {
    if (isDue.compareAndSet(false, true)) {
      long left = NOT_MORE_OFTEN.toNanos() - (System.nanoTime() - sentNanos);
      if (left <= 0) {
        tell();
      } else {
        var _ = Schedulers.parallel().schedule(this::tell, left, TimeUnit.NANOSECONDS);
      }
    }
  }

  private void tell() {
    sentNanos = System.nanoTime();
    // From here on something new is told by another event.
    isDue.set(false);
    send(Event.of("{}").name("resync"));
  }

  @Override
  public void outcome(ObjectNode outcome) {
    // It has asked for none.
  }

  @Override
  public void heartbeat(String cursor) {
    send(Event.of("{}").name("heartbeat"));
  }

  @Override
  public void ask() {
    // It has no way to answer.
  }

  /** Not while an event is on its way out: the sink would refuse to end. */
  @Override
  public synchronized void end(Ending ending) {
    byte[] problem = ProblemJson.bytes(ending.problem(), path, RequestId.fresh());
    send(Event.of(new String(problem, UTF_8)).name("error"));
    var _ = sink.tryEmitComplete();
  }

  private synchronized void send(Event<String> event) {
    waiting.incrementAndGet();
    if (sink.tryEmitNext(event).isFailure()) {
      waiting.decrementAndGet();
    }
  }
}
