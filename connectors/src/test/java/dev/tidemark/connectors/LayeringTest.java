package dev.tidemark.connectors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rooms of this module and what they may touch, as their package pages say it. */
class LayeringTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tidemark.connectors");

  @Test
  void theEdgesKnowNoTopologyAndNoApi() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka.streams..",
            "dev.tidemark.pipeline..",
            "dev.tidemark.api..",
            "io.micronaut..")
        .check(CLASSES);
  }

  @Test
  void whereToResumeIsDecidedWithoutKafkaDebeziumOrSql() {
    noClasses()
        .that()
        .resideInAPackage("..capture.position..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "io.debezium..", "java.sql..", "org.postgresql..")
        .check(CLASSES);
  }

  @Test
  void changesAreEncodedWithoutAClientOrSql() {
    noClasses()
        .that()
        .resideInAPackage("..capture.encoding..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka.clients..", "io.debezium..", "java.sql..")
        .check(CLASSES);
  }

  @Test
  void onlyCaptureKnowsDebezium() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..capture..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.debezium..")
        .check(CLASSES);
  }

  @Test
  void theWriterAndCaptureDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("..connectors.write..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..capture..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("..capture..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..connectors.write..")
        .check(CLASSES);
  }
}
