package dev.tidemark.standalone.cli;

import dev.tidemark.api.security.Role;
import dev.tidemark.standalone.home.Refusal;
import dev.tidemark.standalone.token.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "token",
    description = {
      "Prints a token that the api on a data directory accepts.",
      "A device sees the rows of its scopes; operator, analyst and admin see all rows.",
      "A worker does jobs, and sees nothing else.",
      ""
    },
    footer = {
      "",
      "Example: ./tidemark token --role device --device phone-7 --scopes municipality/3 public"
    },
    sortOptions = false)
final class TokenCommand extends TidemarkCommand {
  @Mixin private DataOption data = new DataOption();

  /** The roles that a person may ask a token for. */
  enum Asked {
    DEVICE,
    OPERATOR,
    ANALYST,
    WORKER,
    ADMIN
  }

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "device, operator, analyst, worker or admin (default: device if one is named, else operator).")
  private @Nullable Asked role;

  @Option(names = "--device", paramLabel = "D", description = "The device that bears the token.")
  private @Nullable String device;

  @Option(
      names = "--scopes",
      paramLabel = "S",
      arity = "1..*",
      split = ",",
      description = "The scopes that the device may see, such as municipality/3.")
  private List<String> scopes = new ArrayList<>();

  @Option(
      names = "--hours",
      paramLabel = "N",
      description = "For how long it is valid (default: ${DEFAULT-VALUE}).",
      defaultValue = "24")
  private int hours;

  @Override
  public Integer call() {
    if (hours < 1) {
      throw new Refusal("--hours must be at least 1.");
    }
    Role wanted = role();
    if (wanted == Role.DEVICE && device == null) {
      throw new Refusal("A token of a device needs --device with the name of that device.");
    }
    Token token = new Token(wanted, Optional.ofNullable(device), scopes, Duration.ofHours(hours));
    out().println(token.signed(data.home().secret(), Instant.now()));
    return 0;
  }

  private Role role() {
    if (role == null) {
      return device == null ? Role.OPERATOR : Role.DEVICE;
    }
    return Role.valueOf(role.name());
  }
}
