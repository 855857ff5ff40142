package dev.tidemark.api.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives a client so long to send one request, from its first byte to its last. An idle timeout does
 * not do that: one byte a second is never idle.
 *
 * <p>Sits before the HTTP codec, where half a request line is already visible, and tells the guard
 * behind the codec by a user event.
 */
final class ReceiveDeadline extends ChannelInboundHandlerAdapter {
  /** Fired once when the time is over. */
  enum Event {
    EXPIRED
  }

  private final Duration allowed;
  private @Nullable ScheduledFuture<?> timer;

  ReceiveDeadline(Duration allowed) {
    this.allowed = allowed;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (timer == null && message instanceof ByteBuf bytes && bytes.isReadable()) {
      timer =
          context
              .executor()
              .schedule(
                  () -> {
                    context.fireUserEventTriggered(Event.EXPIRED);
                  },
                  allowed.toMillis(),
                  TimeUnit.MILLISECONDS);
    }
    context.fireChannelRead(message);
  }

  /** A request has arrived completely. */
  void received() {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    received();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    received();
  }
}
