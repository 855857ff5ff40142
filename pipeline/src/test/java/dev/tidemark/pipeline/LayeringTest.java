package dev.tidemark.pipeline;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/**
 * Who may know whom. Think before loosening a rule: a core without Kafka is what tests in
 * milliseconds.
 */
@AnalyzeClasses(
    packages = "dev.tidemark.pipeline",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
  /** Of the contract, a core may use the values, not what carries them. */
  private static final Set<String> CARRIERS =
      Set.of("Topic", "Topics", "WireSerdes", "TopicProvisioner");

  @ArchTest
  static final ArchRule CORES_DECIDE_AND_KNOW_NOTHING_ELSE =
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
                      "dev.tidemark.contract.catalog",
                      "dev.tidemark.pipeline..core..")
                  .and(DescribedPredicate.not(carriers())));

  @ArchTest
  static final ArchRule CORES_ASK_NO_CLOCK =
      noClasses()
          .that()
          .resideInAPackage("..core..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule THE_RUNTIME_KNOWS_NO_FEATURE =
      noClasses()
          .that()
          .resideInAPackage("dev.tidemark.pipeline.runtime..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.tidemark.pipeline..")
                  .and(DescribedPredicate.not(resideInAnyPackage("..pipeline.runtime.."))));

  @ArchTest
  static final ArchRule NOBODY_REACHES_FOR_AN_EDGE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.debezium..",
              "io.micronaut..",
              "redis..",
              "java.sql..",
              "dev.tidemark.connectors..",
              "dev.tidemark.api..");

  private static DescribedPredicate<JavaClass> carriers() {
    return DescribedPredicate.describe(
        "carry records",
        type ->
            type.getPackageName().equals("dev.tidemark.contract")
                && CARRIERS.contains(type.getSimpleName()));
  }
}
