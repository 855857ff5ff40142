package dev.tidemark.contract.catalog;

import dev.tidemark.contract.catalog.YamlFields.Field;
import dev.tidemark.contract.catalog.job.JobCatalog;
import dev.tidemark.contract.catalog.job.JobQueue;
import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.catalog.job.JobType;
import dev.tidemark.contract.catalog.view.CacheView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads a catalog file, and says everything that is wrong with it at once. */
public final class CatalogReader {
  static final int MAX_BYTES = 1024 * 1024;
  private static final int MAX_ALIASES = 50;
  private static final String VERSION = "version";
  private static final String ENTITIES = "entities";
  private static final String VIEWS = "views";
  private static final String QUEUES = "queues";
  private static final String JOBS = "jobs";
  private static final String SCHEDULES = "schedules";
  private static final String THE_VERSION = "1";

  private CatalogReader() {}

  public static CatalogReading read(Path file) {
    String name = file.toString();
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException _) {
      return invalid(name, "a catalog file", "no file of that name");
    } catch (IOException e) {
      return invalid(name, "a file that can be read", "an error: " + e);
    }
    if (bytes.length > MAX_BYTES) {
      return invalid(name, "a file of at most " + MAX_BYTES + " bytes", "more");
    }
    try {
      return read(
          name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      return invalid(name, "text in UTF-8", "bytes that are none");
    }
  }

  /**
   * Reads a catalog from its text.
   *
   * @param file what to call the text in problems
   */
  public static CatalogReading read(String file, String yaml) {
    if (yaml.length() > MAX_BYTES) {
      return invalid(file, "a file of at most " + MAX_BYTES + " bytes", "more");
    }
    List<Node> documents = new ArrayList<>();
    try {
      compose(file, yaml).forEach(documents::add);
    } catch (MarkedYamlEngineException e) {
      return new CatalogReading.Invalid(file, List.of(syntaxProblem(e)));
    } catch (YamlEngineException e) {
      return invalid(file, "YAML within limits", String.valueOf(e.getMessage()));
    }
    if (documents.isEmpty()) {
      return invalid(file, "a mapping with 'version' and 'entities'", "an empty file");
    }
    if (documents.size() > 1) {
      return invalid(file, "one YAML document", documents.size() + " of them");
    }
    YamlFields yamlFields = new YamlFields();
    Catalog catalog = catalog(yamlFields, documents.getFirst());
    List<CatalogProblem> problems = yamlFields.problems();
    return problems.isEmpty()
        ? new CatalogReading.Valid(catalog)
        : new CatalogReading.Invalid(file, problems);
  }

  private static Iterable<Node> compose(String file, String yaml) {
    // Duplicate keys and unknown tags are found by the walk, which knows the field's path.
    return new Compose(
            LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setCodePointLimit(MAX_BYTES)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .build())
        .composeAllFromString(yaml);
  }

  private static Catalog catalog(YamlFields yaml, Node root) {
    Field file = new Field("", root, root);
    Map<String, Field> fields =
        yaml.fields(
            file,
            "a mapping with 'version' and 'entities'",
            List.of(VERSION, ENTITIES, VIEWS, QUEUES, JOBS, SCHEDULES));
    checkVersion(yaml, file, fields);
    Field entities = fields.get(ENTITIES);
    if (entities == null) {
      yaml.problem(file, "the field 'entities' with the entity types", "no such field");
      return new Catalog(List.of());
    }
    Map<String, Field> declarations =
        yaml.entries(entities, "a mapping of entity types by their names");
    if (declarations.isEmpty() && entities.value() instanceof MappingNode) {
      yaml.problem(entities, "at least one entity type", "none");
    }
    List<EntityType> types = types(yaml, declarations);
    Field views = fields.get(VIEWS);
    List<CacheView> read =
        views == null ? List.of() : views(yaml, views, declarations.keySet(), types);
    Jobs jobs = jobs(yaml, fields);
    // Two types of one table are a problem that is written down; a catalog cannot hold them.
    return yaml.problems().isEmpty()
        ? new Catalog(types, read, new JobCatalog(jobs.queues(), jobs.types(), jobs.schedules()))
        : new Catalog(List.of());
  }

  /** What could be read of them. */
  private record Jobs(List<JobQueue> queues, List<JobType> types, List<JobSchedule> schedules) {}

  private static Jobs jobs(YamlFields yaml, Map<String, Field> fields) {
    Map<String, Field> queues = entries(yaml, fields, QUEUES, "queues");
    Map<String, Field> types = entries(yaml, fields, JOBS, "types of jobs");
    Map<String, Field> schedules = entries(yaml, fields, SCHEDULES, "schedules");
    JobReader reader = new JobReader(yaml, queues.keySet(), types.keySet());
    Jobs jobs = new Jobs(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    queues.forEach((name, field) -> jobs.queues().add(reader.queue(name, field)));
    types.forEach((name, field) -> reader.job(name, field).ifPresent(jobs.types()::add));
    schedules.forEach(
        (name, field) -> reader.schedule(name, field).ifPresent(jobs.schedules()::add));
    return jobs;
  }

  private static Map<String, Field> entries(
      YamlFields yaml, Map<String, Field> fields, String name, String what) {
    Field field = fields.get(name);
    return field == null
        ? Map.of()
        : yaml.entries(field, "a mapping of " + what + " by their names");
  }

  private static List<EntityType> types(YamlFields yaml, Map<String, Field> declarations) {
    EntityTypeReader reader = new EntityTypeReader(yaml, declarations.keySet());
    List<EntityType> types = new ArrayList<>();
    declarations.forEach((name, field) -> reader.read(name, field).ifPresent(types::add));
    reader.checkBetweenTypes(types);
    return types;
  }

  private static List<CacheView> views(
      YamlFields yaml, Field field, Set<String> typeNames, List<EntityType> types) {
    Map<String, Field> declarations = yaml.entries(field, "a mapping of views by their names");
    ViewReader reader = new ViewReader(yaml, typeNames, types, declarations.keySet());
    List<CacheView> views = new ArrayList<>();
    declarations.forEach((name, view) -> reader.read(name, view).ifPresent(views::add));
    reader.checkBetweenViews(views);
    return views;
  }

  private static void checkVersion(YamlFields yaml, Field file, Map<String, Field> fields) {
    Field version = fields.get(VERSION);
    if (version == null) {
      yaml.problem(file, "the field 'version: 1'", "no such field");
    } else if (!(version.value() instanceof ScalarNode scalar
        && scalar.getTag().equals(Tag.INT)
        && scalar.getValue().equals(THE_VERSION))) {
      yaml.problem(version, "1, the only version there is");
    }
  }

  private static CatalogProblem syntaxProblem(MarkedYamlEngineException e) {
    String found = (e.getContext() == null ? "" : e.getContext() + ": ") + e.getProblem();
    return e.getProblemMark()
        .or(e::getContextMark)
        .map(
            mark ->
                new CatalogProblem(
                    mark.getLine() + 1, mark.getColumn() + 1, "", "valid YAML", found))
        .orElseGet(() -> CatalogProblem.ofFile("valid YAML", found));
  }

  private static CatalogReading.Invalid invalid(String file, String expected, String found) {
    return new CatalogReading.Invalid(file, List.of(CatalogProblem.ofFile(expected, found)));
  }
}
