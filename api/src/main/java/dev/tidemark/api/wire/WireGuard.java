package dev.tidemark.api.wire;

import dev.tidemark.api.problem.Problem;
import dev.tidemark.api.problem.ProblemJson;
import dev.tidemark.api.problem.ProblemType;
import dev.tidemark.api.request.RequestId;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the HTTP codec and the framework. It answers what never became a request (the
 * framework would run its filters over the remains and call each of them 400 or 413), refuses
 * bodies that announce themselves as too large, and completes the headers of every answer.
 *
 * <p>After a refusal the connection closes: nobody knows where the next request would begin. What
 * the other side is still sending is taken and thrown away for a while, or the system would take
 * back the answer together with the connection.
 */
final class WireGuard extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(WireGuard.class);

  // The framework cannot read such an address at all, and would call the token missing.
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?!\\p{XDigit}{2})");

  private static final Duration LINGER = Duration.ofSeconds(5);

  private final ReceiveDeadline deadline;
  private final int bodyLimit;

  private int unanswered;
  private boolean receiving;
  private boolean refusing;
  private boolean upgrading;
  private boolean closing;
  private @Nullable FullHttpResponse refusal;

  WireGuard(ReceiveDeadline deadline, int bodyLimit) {
    this.deadline = deadline;
    this.bodyLimit = bodyLimit;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refusing) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpObject object) {
      ProblemType fault = faultOf(object);
      if (fault != null) {
        boolean answersOpenRequest = receiving;
        ReferenceCountUtil.release(message);
        refuse(context, fault, answersOpenRequest);
        return;
      }
    }
    if (message instanceof HttpRequest request) {
      unanswered++;
      receiving = true;
      upgrading = isUpgrade(request);
    }
    if (message instanceof LastHttpContent) {
      receiving = false;
      deadline.received();
    }
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (refusing) {
      context.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event == ReceiveDeadline.Event.EXPIRED) {
      if (!refusing) {
        refuse(context, ProblemType.REQUEST_TIMEOUT, receiving);
      }
      return;
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      AnswerHeaders.complete(response.headers());
      if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
        leave(context);
      } else {
        // The framework leaves the connection of an upgrade that was refused open for ever.
        closing = upgrading;
      }
    }
    if (refusing && refusal == null) {
      // The connection already carries its last answer.
      ReferenceCountUtil.release(message);
      promise.tryFailure(new RefusedException());
      return;
    }
    // The framework's own promise may be one that takes no listener.
    ChannelPromise done = closing ? promise.unvoid() : promise;
    ChannelFuture written = context.write(message, done);
    if (message instanceof LastHttpContent) {
      if (closing) {
        var _ = written.addListener(ChannelFutureListener.CLOSE);
      }
      unanswered = Math.max(0, unanswered - 1);
      sendRefusalIfNextInLine(context);
    }
  }

  private static boolean isUpgrade(HttpRequest request) {
    return request
        .headers()
        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
  }

  /** What follows is no HTTP: it has no requests that could take too long. */
  private void leave(ChannelHandlerContext context) {
    deadline.received();
    context.pipeline().remove(deadline);
    context.pipeline().replace(this, "tidemark-frames", new FrameGuard(FrameGuard.LONGEST_MESSAGE));
  }

  private @Nullable ProblemType faultOf(HttpObject object) {
    if (object.decoderResult().isFailure()) {
      Throwable cause = object.decoderResult().cause();
      LOG.debug("Unreadable request: {}", cause.toString());
      return switch (cause) {
        case TooLongHttpLineException _ -> ProblemType.URI_TOO_LONG;
        case TooLongHttpHeaderException _ -> ProblemType.HEADERS_TOO_LARGE;
        default -> ProblemType.BAD_REQUEST;
      };
    }
    if (object instanceof HttpRequest request) {
      return faultOf(request);
    }
    return null;
  }

  private @Nullable ProblemType faultOf(HttpRequest request) {
    try {
      if (HttpUtil.getContentLength(request, 0L) > bodyLimit) {
        return ProblemType.BODY_TOO_LARGE;
      }
    } catch (NumberFormatException e) {
      LOG.debug("Unreadable content length", e);
      return ProblemType.BAD_REQUEST;
    }
    if (BROKEN_ESCAPE.matcher(request.uri()).find()) {
      return ProblemType.BAD_REQUEST;
    }
    if (isUpgrade(request)
        && !(request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
            && request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13", true))) {
      return ProblemType.BAD_REQUEST;
    }
    int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
    boolean needsHost = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
    return hosts > 1 || (needsHost && hosts == 0) ? ProblemType.BAD_REQUEST : null;
  }

  /**
   * @param answersOpenRequest whether the refusal is the answer to a request that the framework has
   *     begun to handle, in which case that answer is taken from it
   */
  private void refuse(ChannelHandlerContext context, ProblemType type, boolean answersOpenRequest) {
    deadline.received();
    refusing = true;
    RequestId id = RequestId.fresh();
    byte[] body = ProblemJson.bytes(Problem.of(type), "/", id);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(type.status(), type.title()),
            Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, ProblemJson.MEDIA_TYPE)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CONNECTION, "close")
        .set(RequestId.HEADER, id.text());
    AnswerHeaders.complete(response.headers());
    refusal = response;
    if (answersOpenRequest) {
      unanswered = Math.max(0, unanswered - 1);
    }
    LOG.atInfo()
        .addKeyValue("requestId", id.text())
        .addKeyValue("status", type.status())
        .log("Refused before it was a request: {}", type.slug());
    sendRefusalIfNextInLine(context);
  }

  private void sendRefusalIfNextInLine(ChannelHandlerContext context) {
    FullHttpResponse ready = refusal;
    if (ready != null && unanswered == 0) {
      refusal = null;
      var _ = context.writeAndFlush(ready).addListener(_ -> linger(context));
    }
  }

  private static void linger(ChannelHandlerContext context) {
    if (context.channel() instanceof DuplexChannel channel && channel.isActive()) {
      var _ = channel.shutdownOutput();
      ScheduledFuture<?> end =
          context
              .executor()
              .schedule(
                  () -> {
                    var _ = channel.close();
                  },
                  LINGER.toMillis(),
                  TimeUnit.MILLISECONDS);
      var _ = channel.closeFuture().addListener(_ -> end.cancel(false));
      context.read();
    } else {
      var _ = context.close();
    }
  }

  /** Tells the framework that its answer came too late. */
  private static final class RefusedException extends java.io.IOException {
    private static final long serialVersionUID = 1L;

    RefusedException() {
      super("connection closed");
    }

    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }
}
