package dev.tidemark.api.security;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.sync.Permission;
import io.micronaut.http.HttpRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who is asking, as an accepted token says.
 *
 * @param scopes which rows a device may see, each such as {@code municipality/3}
 * @param device the device that the token was given to
 * @param expires when the token ends; empty for one that never does
 */
public record Caller(
    String subject,
    Set<Role> roles,
    Set<String> scopes,
    Optional<String> device,
    Optional<Instant> expires) {
  public Caller {
    requireNonNull(subject, "subject is null");
    roles = Set.copyOf(roles);
    scopes = Set.copyOf(scopes);
    requireNonNull(device, "device is null");
    requireNonNull(expires, "expires is null");
  }

  /** Whether the caller works for the operator of the system, and so sees every row. */
  public boolean seesEverything() {
    return roles.contains(Role.OPERATOR)
        || roles.contains(Role.ANALYST)
        || roles.contains(Role.ADMIN);
  }

  public boolean operates() {
    return roles.contains(Role.OPERATOR) || roles.contains(Role.ADMIN);
  }

  /** Which rows the caller may see; who wants public rows needs the scope {@code public}. */
  public Permission reads() {
    return seesEverything() ? Permission.ofEverything() : Permission.of(scopes);
  }

  /** Which rows the caller may write. */
  public Permission writes() {
    return operates() ? Permission.ofEverything() : Permission.of(scopes);
  }

  /** The caller of a request; empty where nobody has authenticated. */
  public static Optional<Caller> of(HttpRequest<?> request) {
    return request.getUserPrincipal(CallerAuthentication.class).map(CallerAuthentication::caller);
  }
}
