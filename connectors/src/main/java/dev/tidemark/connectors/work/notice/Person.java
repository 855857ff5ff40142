package dev.tidemark.connectors.work.notice;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A user as far as messages want to know. */
record Person(
    String id,
    String name,
    String email,
    @Nullable String phone,
    String plan,
    ZoneId zone,
    List<String> languages,
    List<Channel> channels) {
  /** What {@link #read} wants of a table of users that is called {@code c} in the query. */
  static final String COLUMNS =
      """
      c.id AS person_id, c.name AS person_name, c.email AS person_email, c.phone AS person_phone,
      c.plan AS person_plan, c.time_zone AS person_zone, c.languages AS person_languages,
      CASE WHEN jsonb_typeof(c.preferences->'reminders') = 'array'
        THEN ARRAY(SELECT jsonb_array_elements_text(c.preferences->'reminders'))
        ELSE '{}' END AS person_channels
      """;

  static Person read(ResultSet row) throws SQLException {
    return new Person(
        row.getString("person_id"),
        row.getString("person_name"),
        row.getString("person_email"),
        row.getString("person_phone"),
        row.getString("person_plan"),
        zone(row.getString("person_zone")),
        Arrays.stream((String[]) row.getArray("person_languages").getArray())
            .filter(Objects::nonNull)
            .toList(),
        channels((String[]) row.getArray("person_channels").getArray()));
  }

  /** A zone that nobody knows is taken for UTC: a message at an odd hour is better than none. */
  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      return ZoneOffset.UTC;
    }
  }

  private static List<Channel> channels(String[] names) {
    List<Channel> channels = new ArrayList<>();
    for (String name : names) {
      for (Channel channel : Channel.values()) {
        if (channel.name().equals(name) && !channels.contains(channel)) {
          channels.add(channel);
        }
      }
    }
    return channels.isEmpty() ? List.of(Channel.EMAIL) : List.copyOf(channels);
  }

  /** Where a message over a channel goes, if it can. */
  Optional<String> address(Channel channel) {
    return switch (channel) {
      case EMAIL -> Optional.of(email);
      case SMS, WHATSAPP -> Optional.ofNullable(phone);
      case PUSH -> Optional.of("user/" + id);
    };
  }
}
