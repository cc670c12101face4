package dev.luthier.http.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SealedCookiesTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private final SealedCookies cookies = at(NOW, 1);

  @Test
  void whatWasSealedIsOpened() {
    assertEquals(Optional.of("key:sk-1"), cookies.open(cookies.seal("key:sk-1")));
  }

  @Test
  void theSameTextIsNeverSealedTheSame() {
    assertNotEquals(cookies.seal("key:sk-1"), cookies.seal("key:sk-1"));
  }

  @Test
  void aChangedValueIsNotOpened() {
    String value = cookies.seal("key:sk-1");
    for (int i = 0; i < value.length() - 1; i++) {
      char other = value.charAt(i) == 'A' ? 'B' : 'A';
      String changed = value.substring(0, i) + other + value.substring(i + 1);
      assertEquals(Optional.empty(), cookies.open(changed), changed);
    }
  }

  @Test
  void rubbishIsNotOpened() {
    for (String value : new String[] {"", "A", "%", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
      assertEquals(Optional.empty(), cookies.open(value), value);
    }
    assertEquals(Optional.empty(), cookies.open("A".repeat(100_000)));
  }

  @Test
  void anotherServersValueIsNotOpened() {
    assertEquals(Optional.empty(), at(NOW, 2).open(cookies.seal("key:sk-1")));
  }

  @Test
  void aValueRunsOut() {
    String value = cookies.seal("key:sk-1");
    Instant end = NOW.plus(SealedCookies.GOOD_FOR);
    assertTrue(at(end.minus(Duration.ofSeconds(1)), 1).open(value).isPresent());
    assertFalse(at(end, 1).open(value).isPresent());
  }

  @Test
  void aProofBelongsToItsValueOnly() {
    String value = cookies.seal("key:sk-1");
    assertTrue(cookies.accompanies(cookies.companion(value), value));
    assertFalse(cookies.accompanies(cookies.companion(cookies.seal("key:sk-1")), value));
    assertFalse(cookies.accompanies("", value));
  }

  private static SealedCookies at(Instant now, int secret) {
    var bytes = new byte[SealedCookies.SECRET_BYTES];
    bytes[0] = (byte) secret;
    return new SealedCookies(bytes, new SecureRandom(), Clock.fixed(now, ZoneOffset.UTC));
  }
}
