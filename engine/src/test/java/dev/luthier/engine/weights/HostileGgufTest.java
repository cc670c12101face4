package dev.luthier.engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Shapes of the public proofs of concept against GGUF readers: each is refused with a message that
/// names the place.
class HostileGgufTest {
  private static final int F32 = 0;
  private static final int Q4_0 = 2;

  @TempDir Path folder;

  /// Writes GGUF headers field by field, lies included.
  private static final class Builder {
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    Builder(long tensors, long pairs) {
      bytes
          .put("GGUF".getBytes(StandardCharsets.US_ASCII))
          .putInt(3)
          .putLong(tensors)
          .putLong(pairs);
    }

    Builder i32(int value) {
      bytes.putInt(value);
      return this;
    }

    Builder i64(long value) {
      bytes.putLong(value);
      return this;
    }

    Builder text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      bytes.putLong(utf8.length).put(utf8);
      return this;
    }

    Builder tensor(String name, int type, long offset, long... dimensions) {
      text(name).i32(dimensions.length);
      Arrays.stream(dimensions).forEach(this::i64);
      return i32(type).i64(offset);
    }

    Builder data(int size) {
      int aligned = (bytes.position() + 31) / 32 * 32;
      bytes.position(aligned + size);
      return this;
    }

    byte[] toBytes() {
      return Arrays.copyOf(bytes.array(), bytes.position());
    }
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("hostile.gguf"), bytes);
  }

  private void refused(String reason, Builder builder) throws IOException {
    refused(reason, builder.toBytes());
  }

  private void refused(String reason, byte[] bytes) throws IOException {
    Path file = file(bytes);
    WeightsException refusal = assertThrows(WeightsException.class, () -> Gguf.map(file).close());
    assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void theBuilderMakesFilesThatAreAccepted() throws IOException {
    byte[] good = new Builder(1, 0).tensor("w", F32, 0, 4, 2).data(32).toBytes();
    try (Gguf gguf = Gguf.map(file(good))) {
      assertEquals(8, gguf.tensor("w").elements());
    }
  }

  @Test
  void anotherMagicVersionOrByteOrderIsRefused() throws IOException {
    refused("ends before the magic number: 4 bytes needed, 0 left", new byte[0]);
    refused("does not start with GGUF", "ggml and more bytes".getBytes(StandardCharsets.US_ASCII));
    byte[] version = new Builder(0, 0).toBytes();
    version[4] = 9;
    refused("is GGUF version 9", version);
    version[4] = 0;
    version[7] = 3;
    refused("big-endian", version);
  }

  @Test
  void countsBeyondLimitOrFileAreRefused() throws IOException {
    refused("the number of tensors is 65537; at most 65536", new Builder(65_537, 0));
    refused("the number of tensors is 18446744073709551615", new Builder(-1, 0));
    refused("the number of metadata pairs is 9223372036854775807", new Builder(0, Long.MAX_VALUE));
    refused(
        "the number of tensors is 60000, which takes at least 1440000 bytes, but only",
        new Builder(60_000, 0));
  }

  @Test
  void metadataThatLieAreRefused() throws IOException {
    refused(
        "the length of the key of metadata pair 0 is 65536; at most 65535",
        new Builder(0, 1).i64(65_536).data(1 << 12));
    refused(
        "the length of metadata k is 18446744073709551615",
        new Builder(0, 1).text("k").i32(8).i64(-1).data(64));
    refused(
        "the length of metadata k is 4096, which takes",
        new Builder(0, 1).text("k").i32(8).i64(4096).data(64));
    refused(
        "the number of elements of metadata k is 9223372036854775807",
        new Builder(0, 1).text("k").i32(9).i32(4).i64(Long.MAX_VALUE).data(64));
    refused(
        "the number of elements of metadata k is 4000000, which takes at least 32000000 bytes",
        new Builder(0, 1).text("k").i32(9).i32(8).i64(4_000_000).data(64));
    refused(
        "list of the unsupported type 9",
        new Builder(0, 1).text("k").i32(9).i32(9).i64(1).data(64));
    refused("metadata k has the unknown type 99", new Builder(0, 1).text("k").i32(99).data(64));
    refused(
        "two metadata pairs named k",
        new Builder(0, 2).text("k").i32(4).i32(1).text("k").i32(4).i32(1));
  }

  @Test
  void absurdAlignmentIsRefused() throws IOException {
    for (int alignment : new int[] {0, 1, 48, 1 << 21, -1}) {
      refused(
          "general.alignment is " + Integer.toUnsignedLong(alignment),
          new Builder(0, 1).text("general.alignment").i32(4).i32(alignment).data(64));
    }
  }

  @Test
  void shapesThatOverflowAreNegativeOrEmptyAreRefused() throws IOException {
    refused("tensor w has a dimension of 0", new Builder(1, 0).tensor("w", F32, 0, 4, 0).data(64));
    refused(
        "tensor w has a dimension of -4", new Builder(1, 0).tensor("w", F32, 0, 4, -4).data(64));
    refused(
        "takes more than 2^63 bytes",
        new Builder(1, 0).tensor("w", F32, 0, 1L << 32, 1L << 32).data(64));
    refused(
        "takes more than 2^63 bytes",
        new Builder(1, 0).tensor("w", F32, 0, 1L << 62, 4, 4, 4).data(64));
    // The product of dimensions fits, times the element size it does not: the sum that
    // CVE-2026-33298 wrapped.
    refused("takes more than 2^63 bytes", new Builder(1, 0).tensor("w", F32, 0, 1L << 62).data(64));
    refused("has 0 dimensions", new Builder(1, 0).tensor("w", F32, 0).data(64));
    refused("has 5 dimensions", new Builder(1, 0).tensor("w", F32, 0, 1, 1, 1, 1, 1).data(64));
    refused(
        "rows of 33 elements, which is not a multiple of the 32",
        new Builder(1, 0).tensor("w", Q4_0, 0, 33).data(64));
  }

  @Test
  void placesOutsideTheFileOrInsideOneAnotherAreRefused() throws IOException {
    refused(
        "tensor w spans 32 bytes from 0 of the data, but the file holds only 31",
        new Builder(1, 0).tensor("w", F32, 0, 8).data(31));
    refused(
        "tensor w spans 32 bytes from 9223372036854775776",
        new Builder(1, 0).tensor("w", F32, Long.MAX_VALUE - 31, 8).data(64));
    refused(
        "starts at offset 18446744073709551584",
        new Builder(1, 0).tensor("w", F32, -32, 8).data(64));
    refused(
        "starts at offset 8, which is not a multiple of the alignment 32",
        new Builder(1, 0).tensor("w", F32, 8, 4).data(64));
    refused(
        "tensor b starts at 32 of the data, inside tensor a, which ends at 64",
        new Builder(2, 0).tensor("a", F32, 0, 16).tensor("b", F32, 32, 8).data(64));
    refused(
        "two tensors named a",
        new Builder(2, 0).tensor("a", F32, 0, 8).tensor("a", F32, 32, 8).data(64));
    refused(
        "tensor w has type 4, which is not supported",
        new Builder(1, 0).tensor("w", 4, 0, 8).data(64));
  }

  @Test
  void aFileCutAnywhereIsRefused() throws Exception {
    byte[] whole = Files.readAllBytes(Fixtures.file("quants.gguf"));
    for (int length = 0; length < whole.length; length += 97) {
      byte[] cut = Arrays.copyOf(whole, length);
      Path file = file(cut);
      assertThrows(WeightsException.class, () -> Gguf.map(file).close(), "cut to " + length);
    }
  }

  @Test
  void flippedBytesAreReadOrRefusedButNeverCrash() throws Exception {
    byte[] whole = Files.readAllBytes(Fixtures.file("quants.gguf"));
    long seed = 20_261_122;
    Random random = new Random(seed);
    for (int round = 0; round < 1000; round++) {
      byte[] flipped = whole.clone();
      for (int flips = 0; flips < 4; flips++) {
        flipped[random.nextInt(1200)] = (byte) random.nextInt(256);
      }
      try (Gguf gguf = Gguf.map(file(flipped));
          var arena = java.lang.foreign.Arena.ofConfined()) {
        gguf.tensors().values().forEach(tensor -> tensor.toBf16(arena));
      } catch (WeightsException refused) {
        assertTrue(
            refused.getMessage().contains("hostile.gguf"), "seed " + seed + ", round " + round);
      }
    }
  }
}
