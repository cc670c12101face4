package dev.luthier.store.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.jobs.ResumePoint;
import dev.luthier.platform.keys.SecretHash;
import dev.luthier.platform.models.AdapterStore;
import dev.luthier.platform.trainer.RunStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the stores of bytes must do, wherever the bytes lie. A subclass opens empty ones for each
/// test.
abstract class BytesContract {
  private static final String JOB = "ftjob-000000000000000000000001";

  abstract BlobStore blobs();

  abstract AdapterStore adapters();

  abstract RunStore runs();

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static String text(InputStream stream) throws IOException {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }

  @Test
  void aBlobIsCountedHashedAndReplacedWhole() throws IOException {
    assertEquals(
        new BlobStore.Written(5, SecretHash.of("first")), blobs().write("k", bytes("first"), 5));
    blobs().write("k", bytes("second"), 100);
    assertEquals("second", text(blobs().open("k")));
    assertEquals("second", Files.readString(blobs().local("k")));
    assertEquals(List.of("k"), blobs().keys());
    blobs().delete("k");
    blobs().delete("k");
    assertThrows(IOException.class, () -> blobs().open("k"));
  }

  @Test
  void oneByteTooManyLeavesNothing() throws IOException {
    assertThrows(BlobStore.TooLargeException.class, () -> blobs().write("k", bytes("123456"), 5));
    assertEquals(List.of(), blobs().keys());
  }

  @Test
  void aBrokenStreamLeavesNothingAndKeepsWhatWasThere() throws IOException {
    blobs().write("k", bytes("old"), 100);
    InputStream broken =
        new InputStream() {
          private boolean begun;

          @Override
          public int read() throws IOException {
            throw new IOException("the client has gone");
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            if (begun) {
              return read();
            }
            begun = true;
            return 3;
          }
        };
    assertThrows(IOException.class, () -> blobs().write("k", broken, 100));
    assertEquals("old", text(blobs().open("k")));
  }

  @Test
  void aKeyIsNeverAPath() {
    for (String key : List.of("../k", "a/b", "", ".", "..", "a\0", "x".repeat(81))) {
      assertThrows(IllegalArgumentException.class, () -> blobs().write(key, bytes("x"), 10), key);
    }
    assertThrows(
        IllegalArgumentException.class, () -> adapters().stage("s", "../x", bytes("x"), 10));
    assertThrows(IllegalArgumentException.class, () -> adapters().stage("s", "..", bytes("x"), 10));
    assertThrows(IllegalArgumentException.class, () -> runs().delete(".."));
  }

  private void stage(String id) throws IOException {
    assertEquals(
        SecretHash.of("weights"),
        adapters().stage(id, AdapterStore.WEIGHTS, bytes("weights"), 100));
    adapters().stage(id, AdapterStore.CONFIGURATION, bytes("{}"), 100);
  }

  private static final Map<String, String> SUMS =
      Map.of(
          AdapterStore.WEIGHTS, SecretHash.of("weights"),
          AdapterStore.CONFIGURATION, SecretHash.of("{}"));

  @Test
  void anAdapterIsSeenWholeOrNotAtAll() throws IOException {
    stage("s1");
    assertEquals(List.of(), adapters().ids());
    assertEquals(List.of("s1"), adapters().stagedIds());
    adapters().publish("s1", "a1", SUMS, Map.of("job", JOB));
    assertEquals(List.of("a1"), adapters().ids());
    assertEquals(List.of(), adapters().stagedIds());
    assertEquals(SUMS, adapters().verify("a1"));
    assertEquals(SecretHash.of("weights"), adapters().sha256("a1", AdapterStore.WEIGHTS));
    assertTrue(Files.exists(adapters().folder("a1").resolve(AdapterStore.MANIFEST)));

    adapters().publish("s1", "a1", SUMS, Map.of("job", JOB)); // said again, nothing staged
    adapters().delete("a1");
    assertFalse(Files.exists(adapters().folder("a1")));
    adapters().delete("a1");
  }

  @Test
  void anAdapterWithOtherBytesThanNamedIsRefused() throws IOException {
    stage("s1");
    Map<String, String> other = Map.of(AdapterStore.WEIGHTS, SecretHash.of("weights"));
    assertThrows(
        AdapterStore.DamagedException.class,
        () -> adapters().publish("s1", "a1", other, Map.of()),
        "a file too many");
    adapters().stage("s1", AdapterStore.WEIGHTS, bytes("Weights"), 100);
    assertThrows(
        AdapterStore.DamagedException.class, () -> adapters().publish("s1", "a1", SUMS, Map.of()));
    assertEquals(List.of(), adapters().ids());
  }

  @Test
  void aFlippedBitIsFound() throws IOException {
    stage("s1");
    adapters().publish("s1", "a1", SUMS, Map.of());
    Files.writeString(adapters().folder("a1").resolve(AdapterStore.WEIGHTS), "weighTs");
    assertThrows(AdapterStore.DamagedException.class, () -> adapters().verify("a1"));
  }

  @Test
  void aResumeStateIsKeptByStepAndSum() throws IOException {
    var early = new ResumePoint(5, runs().write(JOB, 5, bytes("five"), 100).sha256());
    var late = new ResumePoint(9, runs().write(JOB, 9, bytes("nine"), 100).sha256());
    assertEquals("five", text(runs().open(JOB, early)));
    runs().keepOnly(JOB, late);
    assertThrows(IOException.class, () -> runs().open(JOB, early));
    assertEquals("nine", text(runs().open(JOB, late)));
    assertEquals(4, runs().bytes(JOB, late));
    assertEquals(List.of(JOB), runs().jobIds());
    runs().delete(JOB);
    assertEquals(List.of(), runs().jobIds());
  }
}
