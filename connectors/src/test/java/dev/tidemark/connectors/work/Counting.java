package dev.tidemark.connectors.work;

import dev.tidemark.connectors.jobs.JobContext;
import dev.tidemark.connectors.jobs.JobHandler;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A type of jobs that somebody else brings: counts the products of the shop. */
public final class Counting implements JobHandlers {
  @Override
  public List<JobHandler<?, ?>> handlers(Means means) {
    return List.of(new CountProducts(means));
  }

  private record CountProducts(Means means) implements JobHandler<Object, Map<String, Integer>> {
    @Override
    public String type() {
      return "count_products";
    }

    @Override
    public Class<Object> input() {
      return Object.class;
    }

    @Override
    public Map<String, Integer> run(Object input, JobContext context) throws Exception {
      try (Connection connection = means.database().open(type());
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT count(*) FROM shop.products")) {
        row.next();
        return Map.of("products", row.getInt(1));
      }
    }
  }
}
