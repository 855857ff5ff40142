package dev.tidemark.api.node;

import dev.tidemark.api.cache.InvalidationSink;
import dev.tidemark.api.cache.SharedLog;
import dev.tidemark.api.cache.ViewCache;
import dev.tidemark.api.entities.EntityStates;
import dev.tidemark.api.entities.LocalRead;
import dev.tidemark.api.entities.Locate;
import dev.tidemark.api.health.HealthComponent;
import dev.tidemark.api.jobs.JobDesk;
import dev.tidemark.api.live.LiveHub;
import dev.tidemark.api.problem.AwayException;
import dev.tidemark.api.pull.ChangeFeed;
import dev.tidemark.api.sync.OperationSink;
import dev.tidemark.api.sync.OutcomeJson;
import dev.tidemark.api.sync.TableColumns;
import dev.tidemark.api.sync.Waiters;
import dev.tidemark.api.workers.Orders;
import dev.tidemark.api.workers.WorkerDesk;
import dev.tidemark.contract.EntityKey;
import dev.tidemark.contract.Invalidation;
import dev.tidemark.contract.Provisioning;
import dev.tidemark.contract.TopicProvisioner;
import dev.tidemark.contract.Topics;
import dev.tidemark.contract.catalog.Catalog;
import dev.tidemark.contract.job.JobCommand;
import dev.tidemark.contract.job.JobLog;
import dev.tidemark.contract.sync.Outcome;
import dev.tidemark.contract.sync.Submission;
import dev.tidemark.contract.sync.SubmittedBatch;
import dev.tidemark.pipeline.board.JobBoard;
import dev.tidemark.pipeline.cache.CacheTopology;
import dev.tidemark.pipeline.entities.EntitiesTopology;
import dev.tidemark.pipeline.jobs.JobsTopology;
import dev.tidemark.pipeline.runtime.RunningTopology;
import dev.tidemark.pipeline.scopelog.LogClosed;
import dev.tidemark.pipeline.scopelog.ScopeLog;
import dev.tidemark.pipeline.scopelog.core.LogView;
import dev.tidemark.pipeline.scopelog.core.Position;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topologies of this process. Started after the HTTP server, because other nodes are told the
 * port; until then, and while a topology is joining, every state is unavailable. No operation is
 * taken before the outcomes are listened to.
 */
public final class Node
    implements EntityStates,
        OperationSink,
        TableColumns,
        ChangeFeed,
        InvalidationSink,
        JobDesk,
        WorkerDesk,
        AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final Duration REST = Duration.ofSeconds(1);

  private final NodeSettings settings;
  private final Catalog catalog;
  private final MeterRegistry meters;
  private final Waiters waiters;
  private final LiveHub hub;
  private final ViewCache cache;
  private final @Nullable SharedLog shared;
  private final Orders orders;
  private final InstantSource clock = InstantSource.system();

  private volatile @Nullable Running running;

  /** What exists between start and close. */
  private record Running(
      RunningTopology topology,
      Admin admin,
      CapturedTables tables,
      StreamsEntityStates states,
      KafkaOperations operations,
      OutcomeTail tail,
      ScopeLog log,
      @Nullable CacheParts cache,
      @Nullable JobParts jobs) {}

  /**
   * A node that is not started.
   *
   * @param waiters who is told of outcomes
   * @param hub who is told of outcomes and changes as they come
   * @param cache who is told of what has become untrue
   * @param shared the tier of it that all nodes share; null if there is none
   * @param orders where orders of workers that speak HTTP are kept
   */
  public Node(
      NodeSettings settings,
      Catalog catalog,
      MeterRegistry meters,
      Waiters waiters,
      LiveHub hub,
      ViewCache cache,
      @Nullable SharedLog shared,
      Orders orders) {
    this.cache = cache;
    this.shared = shared;
    this.orders = orders;
    this.settings = settings;
    this.catalog = catalog;
    this.meters = meters;
    this.waiters = waiters;
    this.hub = hub;
  }

  /**
   * Creates the topics that are missing and starts the topologies.
   *
   * @throws IllegalStateException if the topics are not as they must be; it says what to do
   */
  public void start(int port) {
    String kafka = settings.streams().kafka();
    Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                kafka,
                "client.id",
                "tidemark-api",
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                5_000));
    OutcomeTail tail = new OutcomeTail(kafka, this::bring);
    KafkaOperations operations = new KafkaOperations(kafka);
    ScopeLog log = null;
    try {
      provision(admin);
      tail.start();
      log =
          ScopeLog.start(
              settings.scopeLog(), admin, meters, new LogListener(hub, operations), clock);
      RunningTopology topology =
          RunningTopology.start(
              new EntitiesTopology(catalog, meters), settings.streamsOn(port), meters);
      CapturedTables tables = new CapturedTables(kafka);
      StreamsEntityStates states =
          new StreamsEntityStates(
              topology.streams(),
              new AbsenceProof(topology.streams(), tables, new TopicEnds(admin, catalog)),
              settings.host(),
              port);
      CacheParts parts =
          catalog.views().isEmpty()
              ? null
              : CacheParts.start(
                  catalog, cache, shared, settings.streamsOn(port), admin, tables, meters, clock);
      JobParts jobs =
          catalog.jobs().types().isEmpty()
              ? null
              : JobParts.start(
                  catalog.jobs(), settings.streamsOn(port), orders, admin, meters, clock);
      running = new Running(topology, admin, tables, states, operations, tail, log, parts, jobs);
    } catch (RuntimeException e) {
      tail.close();
      operations.close();
      if (log != null) {
        log.close();
      }
      admin.close(Duration.ofSeconds(1));
      throw e;
    }
  }

  private void bring(Outcome outcome) {
    waiters.bring(outcome);
    hub.outcome(outcome.device(), outcome, OutcomeJson::of);
  }

  /** Waits until this node has joined the others and restored what it owns. */
  public boolean awaitRunning(Duration atMost) throws InterruptedException {
    Running now = running;
    return now != null && now.topology().awaitRunning(atMost);
  }

  /** What health asks of this node. */
  public List<HealthComponent> components() {
    List<HealthComponent> components = new ArrayList<>();
    components.add(new KafkaHealth(this::admin));
    components.add(new TopologyHealth(EntitiesTopology.NAME, this::topology));
    components.add(new TailHealth(this::tail));
    components.add(new ScopeLogHealth(this::scopeLog));
    if (!catalog.views().isEmpty()) {
      components.add(new TopologyHealth(CacheTopology.NAME, this::cacheTopology));
    }
    if (!catalog.jobs().types().isEmpty()) {
      components.add(new TopologyHealth(JobsTopology.NAME, this::jobsTopology));
      components.add(new JobBoardHealth(this::jobBoard));
    }
    return components;
  }

  /** Whether a request comes from another node. */
  public boolean isPeer(InetAddress address) {
    Running now = running;
    return now != null && now.states().isPeer(address);
  }

  @Override
  public Locate locate(EntityKey key) {
    Running now = running;
    return now == null
        ? new Locate.Unavailable("this node is starting or stopping")
        : now.states().locate(key);
  }

  @Override
  public LocalRead read(EntityKey key, int partition) {
    Running now = running;
    return now == null
        ? new LocalRead.Unavailable("this node is starting or stopping")
        : now.states().read(key, partition);
  }

  @Override
  public boolean isCurrent(String type, int partition) {
    Running now = running;
    return now != null && now.states().isCurrent(type, partition);
  }

  @Override
  public void hand(SubmittedBatch batch, List<Submission> operations) {
    Running now = running;
    if (now == null) {
      throw new AwayException("this node is starting or stopping", null);
    }
    now.operations().hand(batch, operations);
  }

  @Override
  public void tell(SubmittedBatch batch) {
    Running now = running;
    if (now != null) {
      now.operations().tell(batch);
    }
  }

  @Override
  public void send(List<Invalidation> invalidations) {
    Running now = running;
    if (now == null) {
      throw new AwayException("this node is starting or stopping", null);
    }
    now.operations().send(invalidations);
  }

  @Override
  public JobBoard board() {
    JobBoard board = requireJobs().board();
    if (!board.isCaughtUp()) {
      throw new AwayException("this node is still reading of jobs", null);
    }
    return board;
  }

  @Override
  public void say(List<? extends JobCommand> commands) {
    Running now = running;
    if (now == null) {
      throw new AwayException("this node is starting or stopping", null);
    }
    now.operations().say(commands, requireJobs().partitions());
  }

  @Override
  public int partitions() {
    return requireJobs().partitions();
  }

  @Override
  public void follow() {
    requireJobs().orders().follow();
  }

  @Override
  public void present() {
    requireJobs().present();
  }

  @Override
  public void say(Map<Integer, JobCommand.Alive> alive) {
    requireRunning().operations().say(alive);
  }

  @Override
  public void log(List<JobLog> lines) {
    requireRunning().operations().log(lines);
  }

  private Running requireRunning() {
    Running now = running;
    if (now == null) {
      throw new AwayException("this node is starting or stopping", null);
    }
    return now;
  }

  private JobParts requireJobs() {
    Running now = running;
    JobParts jobs = now == null ? null : now.jobs();
    if (jobs == null) {
      throw new AwayException("this node is starting or stopping, or has no jobs", null);
    }
    return jobs;
  }

  private @Nullable RunningTopology jobsTopology() {
    Running now = running;
    JobParts jobs = now == null ? null : now.jobs();
    return jobs == null ? null : jobs.topology();
  }

  private @Nullable JobBoard jobBoard() {
    Running now = running;
    JobParts jobs = now == null ? null : now.jobs();
    return jobs == null ? null : jobs.board();
  }

  @Override
  public Optional<Map<String, String>> of(String type) {
    Running now = running;
    return now == null ? Optional.empty() : now.tables().columns(type);
  }

  @Override
  public LogView view() {
    ScopeLog now = requireLog();
    if (!now.isCaughtUp()) {
      throw new AwayException("this node is still reading the log", null);
    }
    try {
      return now.view();
    } catch (LogClosed e) {
      throw new AwayException("this node is stopping", e);
    }
  }

  @Override
  public String log() {
    return requireLog().topic();
  }

  @Override
  public boolean awaitPresent(Duration atMost) throws InterruptedException {
    return requireLog().awaitPresent(atMost);
  }

  @Override
  public boolean await(Position position, Duration atMost) throws InterruptedException {
    return requireLog().await(position, atMost);
  }

  private ScopeLog requireLog() {
    Running now = running;
    if (now == null) {
      throw new AwayException("this node is starting or stopping", null);
    }
    return now.log();
  }

  @Override
  public void close() {
    Running now = running;
    running = null;
    if (now != null) {
      now.log().close();
      JobParts jobs = now.jobs();
      if (jobs != null) {
        jobs.close();
      }
      CacheParts parts = now.cache();
      if (parts != null) {
        parts.close();
      }
      now.operations().close();
      now.tail().close();
      now.topology().close();
      now.tables().close();
      now.admin().close(Duration.ofSeconds(1));
    }
  }

  private @Nullable Admin admin() {
    Running now = running;
    return now == null ? null : now.admin();
  }

  private @Nullable OutcomeTail tail() {
    Running now = running;
    return now == null ? null : now.tail();
  }

  private @Nullable ScopeLog scopeLog() {
    Running now = running;
    return now == null ? null : now.log();
  }

  private @Nullable RunningTopology cacheTopology() {
    Running now = running;
    CacheParts parts = now == null ? null : now.cache();
    return parts == null ? null : parts.topology();
  }

  private @Nullable RunningTopology topology() {
    Running now = running;
    return now == null ? null : now.topology();
  }

  /** Waits for the brokers: in a deployment that comes up at once they may be the last. */
  private void provision(Admin admin) {
    TopicProvisioner provisioner =
        new TopicProvisioner(admin, settings.partitions(), settings.streams().replication());
    Provisioning provisioning = null;
    while (provisioning == null) {
      try {
        provisioning = provisioner.provision(Topics.of(catalog));
      } catch (InterruptException e) {
        throw e;
      } catch (KafkaException e) {
        LOG.warn("Kafka does not answer, the node waits for it: {}", e.getMessage());
        rest();
      }
    }
    if (provisioning instanceof Provisioning.Unfit(List<String> complaints)) {
      throw new IllegalStateException(String.join("\n", complaints));
    }
  }

  private static void rest() {
    try {
      Thread.sleep(REST);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
