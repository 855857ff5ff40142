package dev.tidemark.api.security;

import io.micronaut.security.authentication.Authentication;
import java.util.Collection;
import java.util.Map;

/** A caller as Micronaut's security rules want to see one. */
final class CallerAuthentication implements Authentication {
  private static final long serialVersionUID = 1L;

  private final transient Caller caller;

  CallerAuthentication(Caller caller) {
    this.caller = caller;
  }

  Caller caller() {
    return caller;
  }

  @Override
  public String getName() {
    return caller.subject();
  }

  @Override
  public Collection<String> getRoles() {
    return caller.roles().stream().map(Role::text).toList();
  }

  @Override
  public Map<String, Object> getAttributes() {
    return Map.of();
  }

  @Override
  public String toString() {
    return "CallerAuthentication[" + caller.subject() + "]";
  }
}
