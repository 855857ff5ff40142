package dev.tidemark.api;

import dev.tidemark.api.health.HealthComponents;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.runtime.server.EmbeddedServer;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import java.util.ArrayList;
import java.util.List;

/** Starts the api, in a process of its own or inside another. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Tidemark",
            version = "0",
            description =
                "Change-data sync. Every error is an RFC 9457 problem; every answer carries"
                    + " X-Request-ID."),
    security = @SecurityRequirement(name = "bearer"))
@SecurityScheme(
    name = "bearer",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    bearerFormat = "JWT")
public final class Api {
  private Api() {}

  /**
   * Starts with settings out of {@code TIDEMARK_*} environment variables; ends with the process.
   */
  public static void main(String[] arguments) {
    RunningApi api = start(ApiSettings.from(System.getenv()));
    Runtime.getRuntime().addShutdownHook(new Thread(api::close, "tidemark-api-stop"));
  }

  public static RunningApi start(ApiSettings settings) {
    return start(settings, Surroundings.none());
  }

  public static RunningApi start(ApiSettings settings, Surroundings surroundings) {
    return start(settings, surroundings, List.of());
  }

  /**
   * @param environments names that switch on beans which only tests have
   */
  static RunningApi start(
      ApiSettings settings, Surroundings surroundings, List<String> environments) {
    List<Object> singletons = new ArrayList<>();
    singletons.add(settings.http());
    singletons.add(settings.tokens());
    singletons.add(settings.rates());
    settings.scrapeToken().ifPresent(singletons::add);
    singletons.add(surroundings.meters());
    singletons.add(surroundings.clock());
    singletons.add(new HealthComponents(surroundings.components()));
    ApplicationContextBuilder builder =
        ApplicationContext.builder()
            .deduceEnvironment(false)
            .deduceCloudEnvironment(false)
            .enableDefaultPropertySources(false)
            .environmentPropertySource(false)
            .bootstrapEnvironment(false)
            .eagerInitSingletons(false)
            .banner(false)
            .environments(environments.toArray(String[]::new))
            .properties(MicronautProperties.of(settings))
            .singletons(singletons.toArray());
    ApplicationContext context = builder.start();
    try {
      return new RunningApi(context, context.getBean(EmbeddedServer.class).start());
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }
}
