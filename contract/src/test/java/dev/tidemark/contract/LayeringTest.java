package dev.tidemark.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The contract is what consumers take into their own programs, so it must stay light. */
class LayeringTest {
  private static final JavaClasses CONTRACT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tidemark.contract");

  @Test
  void theContractNeedsKafkasClientJacksonAndYamlAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.crypto..",
            "org.jspecify..",
            "dev.tidemark.contract..",
            "org.apache.kafka.clients..",
            "org.apache.kafka.common..",
            "com.fasterxml.jackson..",
            "org.snakeyaml.engine..")
        .check(CONTRACT);
  }

  @Test
  void theCatalogIsPlainAndKnowsNeitherTopicsNorJson() {
    classes()
        .that()
        .resideInAPackage("dev.tidemark.contract.catalog..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "dev.tidemark.contract.catalog..",
            "dev.tidemark.contract.schedule..",
            "org.snakeyaml.engine..")
        .check(CONTRACT);
  }

  @Test
  void onlyTheReadersOfTheCatalogKnowYaml() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Reader")
        .and()
        .haveSimpleNameNotStartingWith("YamlFields")
        .and()
        .areNotMemberClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.snakeyaml.engine..")
        .check(CONTRACT);
  }

  @Test
  void onlyTheProvisionerAdministersACluster() {
    noClasses()
        .that()
        .doNotHaveSimpleName("TopicProvisioner")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.clients..")
        .check(CONTRACT);
  }
}
