package dev.tidemark.connectors.work.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.connectors.jobs.Ended;
import dev.tidemark.connectors.jobs.FinalError;
import dev.tidemark.connectors.jobs.NewJob;
import dev.tidemark.connectors.work.Rig;
import dev.tidemark.connectors.work.TestContext;
import dev.tidemark.connectors.work.http.Metronome;
import dev.tidemark.connectors.work.http.Outside;
import dev.tidemark.connectors.work.http.Reach;
import dev.tidemark.connectors.work.shop.ShopServer.Trouble;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A shop in Postgres, a platform over HTTP, and jobs between them. */
@Timeout(120)
class SyncShopTest {
  private Rig rig;
  private ShopServer shop;
  private Outside outside;
  private Platform platform;
  private final TestContext context = new TestContext();
  private final List<Duration> pauses = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    rig = Rig.fresh();
    shop = new ShopServer();
    rig.sql(
        "INSERT INTO shop.integrations (id, platform, name, base_url, settings) VALUES (1, 'SHOPIFY',"
            + " 'Main', '"
            + shop.url()
            + "', '{\"page_size\": 3, \"requests_per_second\": 50}')");
    outside = new Outside(Reach.parse("", "127.0.0.1"));
    platform = platform(outside, InstantSource.system());
  }

  private Platform platform(Outside door, InstantSource clock) {
    return new Platform(door, Map.of(1, "secret"), pauses::add, clock, () -> 0.5);
  }

  @AfterEach
  void stop() throws Exception {
    outside.close();
    shop.close();
    rig.close();
  }

  private SyncResult sync(ShopRows rows, String options) throws Exception {
    return new SyncShop(rig.database(), platform, rows).run(input(options), context);
  }

  private static ObjectNode input(String options) throws IOException {
    return (ObjectNode)
        ShopServer.JSON.readTree("{\"integration_id\": 1, \"options\": " + options + "}");
  }

  private static ObjectNode product(int number, String price) {
    ObjectNode product =
        ShopServer.JSON
            .createObjectNode()
            .put("id", 9_007_199_254_740_993L + number)
            .put("sku", "TE-%04d".formatted(number))
            .put("name", "Tea " + number)
            .put("price", price);
    product.putArray("labels").add("new").add("hand made");
    product.putArray("size_cm").add(10.5).add(3);
    return product;
  }

  private void products(int count) {
    for (int number = 1; number <= count; number++) {
      shop.put("products", product(number, number + ".50"));
    }
  }

  @Test
  void productsComePageByPageAndAreThereAsThePlatformHasThem() throws Exception {
    products(7);
    assertThat(sync(new ProductRows(), "{}"))
        .isEqualTo(new SyncResult(1, "products", 7, 7, 0, false));
    assertThat(shop.asked)
        .containsExactly(
            "/api/products?limit=3",
            "/api/products?limit=3&page=p3",
            "/api/products?limit=3&page=p6");
    assertThat(shop.authorized).containsOnly("Bearer secret");
    assertThat(rig.rows("SELECT count(*), sum(price) FROM shop.products"))
        .containsExactly("7|31.50");
    assertThat(
            rig.one(
                "SELECT name, price, labels, size_cm, external_ids->>'SHOPIFY', active"
                    + " FROM shop.products WHERE sku = 'TE-0003'"))
        .isEqualTo("Tea 3|3.50|{new,\"hand made\"}|{10.5,3}|9007199254740996|t");
    assertThat(rig.one("SELECT last_sync_at > now() - interval '1 minute' FROM shop.integrations"))
        .isEqualTo("t");
    assertThat(context.told()).last().isEqualTo("100 7 products read, 7 rows changed");
  }

  @Test
  void theNextJobReadsOnlyWhatIsNewAndTouchesOnlyWhatChanged() throws Exception {
    products(2);
    sync(new ProductRows(), "{}");
    String before = rig.one("SELECT xmin, updated_at FROM shop.products WHERE sku = 'TE-0001'");
    shop.put("products", product(2, "99.00"));
    shop.put("products", product(1, "1.50"));
    assertThat(sync(new ProductRows(), "{}"))
        .isEqualTo(new SyncResult(1, "products", 2, 1, 0, false));
    assertThat(shop.asked).last().isEqualTo("/api/products?limit=3&since=s2");
    assertThat(rig.rows("SELECT sku, price FROM shop.products ORDER BY sku"))
        .containsExactly("TE-0001|1.50", "TE-0002|99.00");
    assertThat(rig.one("SELECT xmin, updated_at FROM shop.products WHERE sku = 'TE-0001'"))
        .as("nothing of it changed, so its row was not written")
        .isEqualTo(before);
    assertThat(sync(new ProductRows(), "{}").unchanged()).as("it asks from further on").isFalse();
    assertThat(sync(new ProductRows(), "{}").unchanged()).as("the same page as before").isTrue();
    assertThat(sync(new ProductRows(), "{\"full\": true}").items()).isEqualTo(4);
  }

  @Test
  void validatorsOfAListOfSeveralPagesAreNotTrusted() throws Exception {
    products(4);
    sync(new ProductRows(), "{}");
    assertThat(rig.one("SELECT since, url, etag FROM tidemark.shop_cursor"))
        .isEqualTo("s4|null|null");
  }

  @Test
  void anAttemptGoesOnWhereTheOneBeforeHadToEnd() throws Exception {
    products(8);
    assertThatThrownBy(
            () ->
                new SyncShop(rig.database(), platform, new ProductRows())
                    .run(input("{}"), context.endAfter(5)))
        .isInstanceOf(Ended.class);
    int asked = shop.asked.size();
    assertThat(rig.one("SELECT count(*) > 0 AND count(*) < 8 FROM shop.products")).isEqualTo("t");
    assertThat(rig.one("SELECT count(*) FROM tidemark.shop_cursor"))
        .as("not all is in yet")
        .isEqualTo("0");
    context.again();
    assertThat(sync(new ProductRows(), "{}").items()).isEqualTo(8);
    assertThat(shop.asked.stream().skip(asked)).first().asString().contains("&page=");
    assertThat(rig.one("SELECT count(*) FROM shop.products")).isEqualTo("8");
  }

  @Test
  void aPageThatThePlatformHasForgottenIsReadFromTheBeginning() throws Exception {
    products(4);
    context.save(
        "{\"next\": \"p3\", \"newest\": \"s4\", \"read\": 3, \"changed\": 3, \"aside\": 0}");
    shop.forgottenPages = 1;
    assertThat(sync(new ProductRows(), "{}").changed()).isEqualTo(4);
    assertThat(rig.one("SELECT count(*) FROM shop.products")).isEqualTo("4");
  }

  @Test
  void aTroubledPlatformIsAskedAgainAndOneThatSaysWhenIsAskedThen() throws Exception {
    products(1);
    shop.next(Trouble.status(503));
    shop.next(Trouble.broken());
    shop.next(Trouble.status(429, "Retry-After", "17"));
    Instant now = Instant.parse("2026-01-31T08:00:00Z");
    platform = platform(outside, InstantSource.fixed(now));
    context.soft(now.plusSeconds(300));
    assertThat(sync(new ProductRows(), "{}").changed()).isEqualTo(1);
    assertThat(pauses).contains(Duration.ofMillis(500), Duration.ofMillis(1_000));
    assertThat(pauses).contains(Duration.ofSeconds(17));
    assertThat(shop.asked).hasSize(4);
  }

  @Test
  void aPlatformThatStaysTroubledFailsTheAttemptAndOneThatRefusesTheJob() throws Exception {
    for (int i = 0; i < 5; i++) {
      shop.next(Trouble.status(500));
    }
    assertThatThrownBy(() -> sync(new ProductRows(), "{}"))
        .isInstanceOf(IOException.class)
        .hasMessage("the platform was asked 5 times: status 500");
    assertThat(shop.asked).hasSize(5);
    shop.next(Trouble.status(401));
    assertThatThrownBy(() -> sync(new ProductRows(), "{}"))
        .isInstanceOf(FinalError.class)
        .hasMessage("the platform answers with status 401");
    shop.next(Trouble.status(302, "Location", "/elsewhere"));
    assertThatThrownBy(() -> sync(new ProductRows(), "{}")).hasMessageContaining("302");
    shop.next(Trouble.body("[]".getBytes(UTF_8)));
    assertThatThrownBy(() -> sync(new ProductRows(), "{}"))
        .isInstanceOf(FinalError.class)
        .hasMessage("the platform's page has no list 'items'");
    shop.next(Trouble.body(new byte[9 * 1024 * 1024]));
    assertThatThrownBy(() -> sync(new ProductRows(), "{}"))
        .isInstanceOf(FinalError.class)
        .hasMessage("the reply has more than 8,388,608 bytes");
  }

  @Test
  void aWaitThatIsLongerThanTheAttemptHasIsLeftToTheNext() {
    shop.next(Trouble.status(429, "Retry-After", "50"));
    context.soft(Instant.now().plusSeconds(20));
    assertThatThrownBy(() -> sync(new ProductRows(), "{}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not to be asked");
    assertThat(shop.asked).hasSize(1);
  }

  @Test
  void requestsKeepTheirDistance() {
    Metronome metronome = new Metronome();
    Instant now = Instant.parse("2026-01-31T08:00:00Z");
    Duration between = Duration.ofMillis(250);
    assertThat(metronome.turn("a", between, now)).isZero();
    assertThat(metronome.turn("a", between, now)).isEqualTo(between);
    assertThat(metronome.turn("b", between, now)).isZero();
    assertThat(metronome.turn("a", between, now.plusMillis(100))).isEqualTo(Duration.ofMillis(400));
    metronome.notBefore("a", now.plusSeconds(9));
    assertThat(metronome.turn("a", between, now.plusSeconds(1))).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void whatCannotBeTakenIsSetAsideAndTheOthersAreTaken() throws Exception {
    shop.put("products", product(1, "1.00"));
    shop.put("products", product(2, "1.005"));
    shop.put("products", product(3, "3.00").put("name", 7));
    shop.put("products", product(4, "1e999999999"));
    shop.put("products", product(5, "5.00").put("name", "nul\0"));
    shop.put("products", product(6, "6.00").put("sku", "te-6"));
    assertThat(sync(new ProductRows(), "{}"))
        .isEqualTo(new SyncResult(1, "products", 6, 1, 5, false));
    assertThat(rig.rows("SELECT sku FROM shop.products")).containsExactly("TE-0001");
    assertThat(rig.rows("SELECT reason FROM tidemark.shop_aside ORDER BY id"))
        .as("one of them cannot even be kept")
        .containsExactly(
            "price has to be a number of at most 12 digits with 2 behind the point",
            "name has to be a text",
            "price has to be a number of at most 12 digits with 2 behind the point",
            "sku has to look like TE-0001");
    assertThat(context.lines()).anyMatch(line -> line.contains("cannot even be kept"));
    shop.put("products", product(2, "2.00"));
    sync(new ProductRows(), "{}");
    assertThat(rig.one("SELECT count(*) FROM tidemark.shop_aside"))
        .as("the platform has corrected one")
        .isEqualTo("3");
  }

  @Test
  void whatTheDatabaseAloneRefusesIsFoundOneByOne() throws Exception {
    rig.sql("ALTER TABLE shop.products ADD CHECK (name <> 'Tea 2')");
    products(3);
    assertThat(sync(new ProductRows(), "{}"))
        .isEqualTo(new SyncResult(1, "products", 3, 2, 1, false));
    assertThat(rig.rows("SELECT sku FROM shop.products ORDER BY sku"))
        .containsExactly("TE-0001", "TE-0003");
    rig.sql("ALTER TABLE shop.products DROP CONSTRAINT products_name_check");
    sync(new ProductRows(), "{}");
    assertThat(rig.one("SELECT count(*) FROM shop.products"))
        .as("what was set aside is tried again")
        .isEqualTo("3");
    assertThat(rig.one("SELECT count(*) FROM tidemark.shop_aside")).isEqualTo("0");
  }

  private static ObjectNode stock(String sku, int pieces, String counted) {
    return ShopServer.JSON
        .createObjectNode()
        .put("sku", sku)
        .put("warehouse", "madrid")
        .put("stock", pieces)
        .put("counted_at", counted);
  }

  @Test
  void stockWaitsForItsProductAndAnOlderCountDoesNotOverrideANewer() throws Exception {
    products(1);
    sync(new ProductRows(), "{}");
    shop.put("inventory", stock("TE-0001", 7, "2026-01-31T08:00:00Z"));
    shop.put("inventory", stock("TE-0002", 3, "2026-01-31T08:00:00Z"));
    assertThat(sync(new InventoryRows(), "{}").aside()).isEqualTo(1);
    shop.put("inventory", stock("TE-0001", 9, "2026-01-31T07:59:59+00:00"));
    shop.put("products", product(2, "2.00"));
    sync(new ProductRows(), "{}");
    sync(new InventoryRows(), "{}");
    assertThat(
            rig.rows(
                "SELECT p.sku, i.stock FROM shop.inventory i JOIN shop.products p"
                    + " ON p.id = i.product_id ORDER BY 1"))
        .containsExactly("TE-0001|7", "TE-0002|3");
  }

  private static ObjectNode order(String id, String status, int... products) {
    ObjectNode order =
        ShopServer.JSON
            .createObjectNode()
            .put("id", id)
            .put("status", status)
            .put("total", 12.30)
            .put("placed_at", "2026-01-31T10:00:00+02:00");
    order.putObject("customer").put("name", "Olga Rossi");
    for (int product : products) {
      order
          .withArray("lines")
          .addObject()
          .put("sku", "TE-%04d".formatted(product))
          .put("quantity", product)
          .put("unit_price", "2.50");
    }
    return order;
  }

  @Test
  void ordersComeWithTheirLinesAndLoseThoseThatAreGone() throws Exception {
    products(3);
    sync(new ProductRows(), "{}");
    shop.put("orders", order("#1", "NEW", 1, 2, 3));
    shop.put("orders", order("#2", "PAID", 4));
    assertThat(sync(new OrderRows(), "{}")).isEqualTo(new SyncResult(1, "orders", 2, 4, 1, false));
    assertThat(rig.rows("SELECT external_id, status, total, placed_at FROM shop.orders"))
        .containsExactly("#1|NEW|12.30|2026-01-31 08:00:00");
    shop.put("orders", order("#1", "CANCELLED", 3));
    sync(new OrderRows(), "{}");
    assertThat(
            rig.rows(
                "SELECT o.status, l.line, p.sku, l.quantity FROM shop.order_lines l"
                    + " JOIN shop.orders o ON o.id = l.order_id"
                    + " JOIN shop.products p ON p.id = l.product_id"))
        .containsExactly("CANCELLED|1|TE-0003|3");
  }

  @Test
  void twoJobsAboutTheSameExcludeEachOther() throws Exception {
    products(1);
    try (var other = rig.database().open("other");
        var lock = other.createStatement()) {
      lock.execute("SELECT pg_advisory_lock(" + 0x7368_6f70 + ", hashtext('products 1'))");
      assertThatThrownBy(() -> sync(new ProductRows(), "{}"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("another job reads the products of integration 1");
    }
  }

  @Test
  void anAddressOfOurOwnIsNotAskedUnlessItIsAllowed() throws Exception {
    try (Outside closed = new Outside(Reach.open())) {
      platform = platform(closed, InstantSource.system());
      assertThatThrownBy(() -> sync(new ProductRows(), "{}"))
          .isInstanceOf(FinalError.class)
          .hasMessage("127.0.0.1 is at 127.0.0.1, which is not a public address");
    }
    assertThat(shop.asked).isEmpty();
    rig.sql("UPDATE shop.integrations SET base_url = 'file:///etc/passwd'");
    assertThatThrownBy(() -> sync(new ProductRows(), "{}")).isInstanceOf(FinalError.class);
  }

  @Test
  void whatNeverCanBeDoneIsSaidAtOnce() throws Exception {
    SyncShop handler = new SyncShop(rig.database(), platform, new ProductRows());
    assertThatThrownBy(() -> handler.run(ShopServer.JSON.createObjectNode(), context))
        .isInstanceOf(FinalError.class)
        .hasMessage("integration_id has to be a whole number");
    assertThatThrownBy(
            () -> handler.run(ShopServer.JSON.createObjectNode().put("integration_id", 9), context))
        .isInstanceOf(FinalError.class)
        .hasMessage("there is no integration 9");
    rig.sql("UPDATE shop.integrations SET enabled = false");
    assertThatThrownBy(() -> sync(new ProductRows(), "{}"))
        .isInstanceOf(FinalError.class)
        .hasMessage("integration 1 is not enabled");
  }

  @Test
  void allIntegrationsAreAJobForEachKindOfEach() throws Exception {
    rig.sql(
        "INSERT INTO shop.integrations (id, platform, name, base_url, enabled) VALUES"
            + " (2, 'WOOCOMMERCE', 'Outlet', 'http://x.example', true),"
            + " (3, 'WOOCOMMERCE', 'Closed', 'http://y.example', false)");
    var result =
        new SyncAll(rig.database())
            .run((ObjectNode) ShopServer.JSON.readTree("{\"options\": {\"full\": true}}"), context);
    assertThat(result.jobs()).hasSize(6);
    assertThat(context.submitted().keySet())
        .containsExactly(
            "products 1", "products 2", "inventory 1", "inventory 2", "orders 1", "orders 2");
    ObjectNode input =
        ShopServer.JSON.createObjectNode().put("integration_id", 2).set("options", options());
    assertThat(context.submitted())
        .containsEntry(
            "orders 2",
            new NewJob(
                "sync_orders",
                input,
                Optional.of("integration 2"),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty()));
  }

  private static ObjectNode options() {
    return ShopServer.JSON.createObjectNode().put("full", true);
  }
}
