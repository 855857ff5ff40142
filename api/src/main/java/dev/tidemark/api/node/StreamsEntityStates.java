package dev.tidemark.api.node;

import dev.tidemark.api.entities.EntityStates;
import dev.tidemark.api.entities.LocalRead;
import dev.tidemark.api.entities.Locate;
import dev.tidemark.api.entities.NodeAddress;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.WireSerdes;
import dev.tidemark.pipeline.entities.EntitiesTopology;
import dev.tidemark.pipeline.entities.core.EntityState;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Interactive queries to the store of the entities. */
final class StreamsEntityStates implements EntityStates {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsEntityStates.class);
  private static final Serializer<EntityKey> KEYS = WireSerdes.entityKey().serializer();

  private final KafkaStreams streams;
  private final AbsenceProof absence;
  private final HostInfo self;

  StreamsEntityStates(KafkaStreams streams, AbsenceProof absence, String host, int port) {
    this.streams = streams;
    this.absence = absence;
    this.self = new HostInfo(host, port);
  }

  @Override
  public Locate locate(EntityKey key) {
    KeyQueryMetadata metadata;
    try {
      metadata = streams.queryMetadataForKey(EntitiesTopology.ENTITIES, key, KEYS);
    } catch (StreamsException | IllegalStateException e) {
      LOG.debug("Nothing is known of where {} is", key, e);
      return new Locate.Unavailable("this node is joining the others");
    }
    if (metadata == null || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
      return new Locate.Unavailable("entities are being moved between nodes");
    }
    HostInfo owner = metadata.activeHost();
    if (owner.equals(self)) {
      return new Locate.Local(metadata.partition());
    }
    if (owner.equals(HostInfo.unavailable())) {
      return new Locate.Unavailable("no node owns the entity right now");
    }
    return new Locate.Remote(new NodeAddress(owner.host(), owner.port()));
  }

  @Override
  public LocalRead read(EntityKey key, int partition) {
    // Not streams.query(): it locks the store's position before the store, and the thread that
    // writes
    // locks them the other way round, so that both may wait for each other for ever.
    StoreQueryParameters<ReadOnlyKeyValueStore<EntityKey, EntityState>> active =
        StoreQueryParameters.fromNameAndType(
                EntitiesTopology.ENTITIES,
                QueryableStoreTypes.<EntityKey, EntityState>keyValueStore())
            .withPartition(partition);
    EntityState state;
    try {
      state = streams.store(active).get(key);
    } catch (StreamsException | IllegalStateException e) {
      LOG.debug("The store cannot be asked for {}", key, e);
      return new LocalRead.Unavailable("the store of the entity is being restored or moved");
    }
    return state == null ? new LocalRead.Nothing() : new LocalRead.Found(state);
  }

  @Override
  public boolean isCurrent(String type, int partition) {
    return absence.isCurrent(type, partition);
  }

  /** Whether an address is one of another node's. */
  boolean isPeer(InetAddress address) {
    return streams.metadataForAllStreamsClients().stream()
        .anyMatch(node -> resolvesTo(node.host(), address));
  }

  private static boolean resolvesTo(String host, InetAddress address) {
    try {
      // The JVM caches the names it resolves.
      return Set.of(InetAddress.getAllByName(host)).contains(address);
    } catch (UnknownHostException e) {
      LOG.debug("The name of a node cannot be resolved", e);
      return false;
    }
  }
}
