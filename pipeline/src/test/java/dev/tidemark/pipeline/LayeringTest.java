package dev.tidemark.pipeline;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom. Think before loosening a rule: a core without Kafka is what tests in
 * milliseconds.
 */
class LayeringTest {
  private static final JavaClasses PIPELINE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tidemark.pipeline");

  /** Of the contract, a core may use the values, not what carries them. */
  private static final Set<String> CARRIERS =
      Set.of("Topic", "Topics", "WireSerdes", "SyncSerdes", "TopicProvisioner");

  @Test
  void coresDecideAndKnowNothingElse() {
    classes()
        .that()
        .resideInAPackage("..core..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "com.fasterxml.jackson.databind.node..",
                    "com.fasterxml.jackson.databind",
                    "dev.tidemark.contract",
                    "dev.tidemark.contract.catalog..",
                    "dev.tidemark.contract.job",
                    "dev.tidemark.contract.schedule",
                    "dev.tidemark.contract.sync",
                    "dev.tidemark.pipeline..core..")
                .and(DescribedPredicate.not(carriers())))
        .check(PIPELINE);
  }

  @Test
  void coresAskNoClock() {
    noClasses()
        .that()
        .resideInAPackage("..core..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(PIPELINE);
  }

  @Test
  void theRuntimeKnowsNoFeature() {
    noClasses()
        .that()
        .resideInAPackage("dev.tidemark.pipeline.runtime..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.tidemark.pipeline..")
                .and(DescribedPredicate.not(resideInAnyPackage("..pipeline.runtime.."))))
        .check(PIPELINE);
  }

  @Test
  void nobodyReachesForAnEdge() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.debezium..",
            "io.micronaut..",
            "redis..",
            "java.sql..",
            "dev.tidemark.connectors..",
            "dev.tidemark.api..")
        .check(PIPELINE);
  }

  private static DescribedPredicate<JavaClass> carriers() {
    return DescribedPredicate.describe(
        "carry records",
        type ->
            type.getPackageName().equals("dev.tidemark.contract")
                && CARRIERS.contains(type.getSimpleName()));
  }
}
