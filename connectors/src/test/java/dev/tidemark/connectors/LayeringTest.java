package dev.tidemark.connectors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
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

  @Test
  void workKnowsItsJobsAndNeitherKafkaNorTheOtherEdges() {
    noClasses()
        .that()
        .resideInAPackage("..connectors.work..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "..connectors.capture..",
            "..connectors.write..",
            "..connectors.management..")
        .check(CLASSES);
  }

  @Test
  void roomsOfWorkDoNotKnowOneAnotherButTheirTools() {
    for (String room : List.of("shop", "upkeep", "report", "notice", "backup", "webhook")) {
      String[] others =
          Stream.of("shop", "upkeep", "report", "notice", "backup", "webhook")
              .filter(other -> !other.equals(room))
              .map(other -> "..connectors.work." + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("..connectors.work." + room + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(CLASSES);
    }
    noClasses()
        .that()
        .resideInAnyPackage(
            "..connectors.work.http..",
            "..connectors.work.storage..",
            "..connectors.work.postgres..",
            "..connectors.work.given..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tidemark.connectors.work", "..connectors.work.shop..")
        .check(CLASSES);
  }

  @Test
  void onlyTheStorageKnowsAmazonAndOnlyOneDoorLeadsOutside() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..connectors.work.storage..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon.awssdk..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("..connectors.work..")
        .and()
        .resideOutsideOfPackage("..connectors.work.http..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.hc..", "java.net.http..")
        .check(CLASSES);
  }
}
