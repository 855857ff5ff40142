package dev.tidemark.connectors.work.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
  private static void check(Reach reach, String address) throws Exception {
    reach.addresses("some.host", new InetAddress[] {InetAddress.getByName(address)});
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.255",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "198.19.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void whatIsNotPublicIsOutOfReach(String address) {
    assertThatThrownBy(() -> check(Reach.open(), address)).isInstanceOf(AddressRefused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "172.15.255.255",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1111",
        "9.255.255.255"
      })
  void thePublicInternetIsWithinReach(String address) {
    assertThatCode(() -> check(Reach.open(), address)).doesNotThrowAnyException();
  }

  @Test
  void oneBadAddressCondemnsTheName() throws Exception {
    InetAddress good = InetAddress.getByName("1.1.1.1");
    InetAddress bad = InetAddress.getByName("10.0.0.1");
    assertThatThrownBy(() -> Reach.open().addresses("x", new InetAddress[] {good, bad}))
        .isInstanceOf(AddressRefused.class)
        .hasMessage("x is at 10.0.0.1, which is not a public address");
  }

  @Test
  void innerNetworksAreWithinReachIfTheyAreNamed() {
    Reach reach = Reach.parse("", "10.1.0.0/16, fd00::/8,127.0.0.1");
    assertThatCode(() -> check(reach, "10.1.255.1")).doesNotThrowAnyException();
    assertThatCode(() -> check(reach, "fd12::1")).doesNotThrowAnyException();
    assertThatCode(() -> check(reach, "127.0.0.1")).doesNotThrowAnyException();
    assertThatThrownBy(() -> check(reach, "10.2.0.1")).isInstanceOf(AddressRefused.class);
    assertThatThrownBy(() -> check(reach, "127.0.0.2")).isInstanceOf(AddressRefused.class);
    for (String wrong : List.of("intranet", "10.0.0.0/33", "10.0.0.0/x", "/8")) {
      assertThatThrownBy(() -> Reach.parse("", wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is no network");
    }
  }

  @Test
  void onlyTheHostsThatAreNamedAreAskedIfAnyAre() throws Exception {
    Reach reach = Reach.parse("Shop.example,*.partner.example", "");
    assertThat(reach.url("https://SHOP.example/a").getPath()).isEqualTo("/a");
    assertThat(reach.url("http://a.b.partner.example")).isNotNull();
    for (String url :
        List.of(
            "https://partner.example", "https://evilpartner.example", "https://shop.example.x")) {
      assertThatThrownBy(() -> reach.url(url))
          .isInstanceOf(AddressRefused.class)
          .hasMessageContaining("is not among the hosts that may be asked");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://a.example/",
        "file:///etc/passwd",
        "//a.example",
        "https:///x",
        "a b",
        "javascript:1",
        "https://user:password@a.example/",
        "jar:http://a.example!/x",
        "http://"
      })
  void whatIsNoPlainUrlOfTheWebIsRefused(String url) {
    assertThatThrownBy(() -> Reach.open().url(url)).isInstanceOf(AddressRefused.class);
  }
}
