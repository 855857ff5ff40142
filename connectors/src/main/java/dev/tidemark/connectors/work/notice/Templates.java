package dev.tidemark.connectors.work.notice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts of {@code booking.templates} for one occasion. */
final class Templates {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([A-Za-z0-9_]+)\\s*}}");
  private static final String OTHERWISE = "en";

  private record Template(
      Channel channel,
      String language,
      @Nullable String plan,
      @Nullable String subject,
      String body) {}

  private final List<Template> templates;

  private Templates(List<Template> templates) {
    this.templates = templates;
  }

  static Templates of(Connection connection, String slug) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT channel, language, for_plan, subject, body FROM booking.templates"
                + " WHERE slug = ? ORDER BY id")) {
      query.setString(1, slug);
      List<Template> templates = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          templates.add(
              new Template(
                  Channel.valueOf(row.getString(1)),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5)));
        }
      }
      return new Templates(templates);
    }
  }

  /**
   * The messages for a person: over each channel that they want and for which there is a text and
   * an address; failing that, over any.
   *
   * @param key begins the keys; the channel follows
   */
  List<Message> messages(
      String key, Person person, Map<String, String> variables, Map<String, String> data) {
    List<Message> wanted = messages(person.channels(), key, person, variables, data);
    return wanted.isEmpty()
        ? messages(List.of(Channel.values()), key, person, variables, data).stream()
            .limit(1)
            .toList()
        : wanted;
  }

  private List<Message> messages(
      List<Channel> channels,
      String key,
      Person person,
      Map<String, String> variables,
      Map<String, String> data) {
    List<Message> messages = new ArrayList<>();
    for (Channel channel : channels) {
      Optional<String> address = person.address(channel);
      Optional<Template> template = find(channel, person);
      if (address.isPresent() && template.isPresent()) {
        String subject = template.get().subject();
        messages.add(
            new Message(
                key + "/" + channel,
                channel,
                address.get(),
                subject == null ? "" : fill(subject, variables),
                fill(template.get().body(), variables),
                data));
      }
    }
    return messages;
  }

  /** The first of the person's languages that there is, then English, then any. */
  private Optional<Template> find(Channel channel, Person person) {
    List<String> languages = new ArrayList<>(person.languages());
    languages.add(OTHERWISE);
    templates.stream().map(Template::language).forEach(languages::add);
    for (String language : languages) {
      Optional<Template> found =
          find(channel, language, person.plan()).or(() -> find(channel, language, null));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Template> find(Channel channel, String language, @Nullable String plan) {
    return templates.stream()
        .filter(one -> one.channel() == channel && one.language().equals(language))
        .filter(one -> plan == null ? one.plan() == null : plan.equals(one.plan()))
        .findFirst();
  }

  /** Puts values in the places of variables, once: a value is never read for variables. */
  static String fill(String text, Map<String, String> variables) {
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (matcher.find()) {
      String value = variables.getOrDefault(matcher.group(1), "");
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(filled).toString();
  }
}
