package dev.tidemark.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LayeringTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tidemark.api");

  @Test
  void theApiKnowsNothingOfTheEdges() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.tidemark.connectors..",
            "dev.tidemark.servers..",
            "dev.tidemark.standalone..",
            "io.debezium..")
        .check(CLASSES);
  }

  @Test
  void redisStaysInItsTier() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tidemark.api.cache.redis..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("redis.clients..")
        .check(CLASSES);
  }

  @Test
  void sqlStaysWithTheLedgerAndTheViews() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.tidemark.api.database..",
            "dev.tidemark.api.sync.ledger..",
            "dev.tidemark.api.cache.source..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "com.zaxxer..")
        .check(CLASSES);
  }

  @Test
  void kafkaStaysInTheNode() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tidemark.api.node..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCircle() {
    slices().matching("dev.tidemark.api.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theVerifierOfTokensKnowsNoHttp() {
    noClasses()
        .that()
        .haveSimpleName("TokenVerifier")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micronaut..", "io.netty..")
        .check(CLASSES);
  }
}
