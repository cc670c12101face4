package dev.luthier.platform.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookReachTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true, true",
    "::1, true, true",
    "10.1.2.3, true, true",
    "172.16.0.1, true, true",
    "192.168.1.1, true, true",
    "fd12:3456::1, true, true",
    "8.8.8.8, false, true",
    "2001:4860:4860::8888, false, true",
    "172.32.0.1, false, true",
    "169.254.169.254, false, false",
    "fe80::1, false, false",
    "::ffff:169.254.169.254, false, false",
    "fd00:ec2::254, false, false",
    "100.100.100.200, false, false",
    "0.0.0.0, false, false",
    "::, false, false",
    "224.0.0.1, false, false",
  })
  void nobodyIsToldWhoShouldNotBe(String address, boolean inPrivate, boolean inAny)
      throws UnknownHostException {
    var literal = InetAddress.getByName(address);
    assertEquals(inPrivate, WebhookReach.PRIVATE.objection(literal).isEmpty());
    assertEquals(inAny, WebhookReach.ANY.objection(literal).isEmpty());
  }

  /// The example of the specification of Standard Webhooks.
  @Test
  void signaturesAreThoseOfTheSpecification() {
    assertEquals(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.of(
            List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Instant.ofEpochSecond(1_614_265_330),
            "{\"test\": 2432232314}"));
  }
}
