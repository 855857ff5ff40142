package dev.tidemark.api.wire;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Puts the guard into the pipeline of every connection. */
@Singleton
final class WirePipeline implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  private final HttpSettings settings;

  WirePipeline(HttpSettings settings) {
    this.settings = settings;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    NettyServerCustomizer.Registry registry = event.getBean();
    registry.register(new Customizer(settings, null));
    return registry;
  }

  private record Customizer(HttpSettings settings, @Nullable Channel connection)
      implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
      return role == ChannelRole.CONNECTION ? new Customizer(settings, channel) : this;
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (connection == null) {
        return;
      }
      ReceiveDeadline deadline = new ReceiveDeadline(settings.receiveTimeout());
      String codec = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
      connection
          .pipeline()
          .addBefore(codec, "tidemark-deadline", deadline)
          .addAfter(codec, "tidemark-guard", new WireGuard(deadline, settings.bodyLimit()));
    }
  }
}
