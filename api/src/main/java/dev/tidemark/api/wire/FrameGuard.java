package dev.tidemark.api.wire;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands where the guard of requests stood before a connection became a WebSocket. A frame has a
 * limit, but the framework collects the fragments of a message without one.
 */
final class FrameGuard extends ChannelInboundHandlerAdapter {
  static final int LONGEST_MESSAGE = 64 << 10;

  private final int longest;
  private int received;
  private boolean refusing;

  FrameGuard(int longest) {
    this.longest = longest;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refusing) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof WebSocketFrame frame) {
      switch (frame) {
        case ContinuationWebSocketFrame more -> received += more.content().readableBytes();
        case TextWebSocketFrame text -> received = text.content().readableBytes();
        case BinaryWebSocketFrame bytes -> received = bytes.content().readableBytes();
        default -> {
          // Pings and the like come between fragments, and are small.
        }
      }
      if (received > longest) {
        refusing = true;
        ReferenceCountUtil.release(message);
        var _ =
            context
                .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.MESSAGE_TOO_BIG))
                .addListener(ChannelFutureListener.CLOSE);
        return;
      }
    }
    context.fireChannelRead(message);
  }
}
