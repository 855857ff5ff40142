package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.contract.catalog.job.JobSchedule;
import dev.tidemark.contract.schedule.Cron;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScheduleTextTest {
  @Test
  void aScheduleIsKeptAsText() {
    Map<String, @Nullable Object> input = new LinkedHashMap<>();
    input.put("price", new BigDecimal("12.50"));
    input.put("shops", List.of(1, 2));
    input.put("since", null);
    JobSchedule schedule =
        new JobSchedule(
            "nightly",
            "sync",
            Cron.parse("30 2 * * *"),
            ZoneId.of("Europe/Madrid"),
            JobSchedule.Missed.ALL,
            input);
    String text =
        "{\"name\":\"nightly\",\"job\":\"sync\",\"cron\":\"30 2 * * *\",\"zone\":\"Europe/Madrid\","
            + "\"missed\":\"all\",\"input\":{\"price\":12.50,\"shops\":[1,2],\"since\":null}}";
    assertThat(ScheduleText.write(schedule)).isEqualTo(text);
    assertThat(ScheduleText.read(text)).isEqualTo(schedule);
    assertThat(ScheduleText.input(schedule))
        .isEqualTo("{\"price\":12.50,\"shops\":[1,2],\"since\":null}");
    assertThatIllegalArgumentException().isThrownBy(() -> ScheduleText.read("{"));
  }
}
