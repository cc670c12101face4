package dev.luthier.platform.integrations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.jobs.StepMetricsRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// Reads files back with a reader that shares nothing with the writer, its sums bit by bit.
class TensorBoardFileTest {
  private static final Instant CREATED = Instant.ofEpochSecond(1_790_000_000);

  /// An event as it was read.
  private record Event(double time, long step, String version, Map<String, Float> scalars) {}

  private static StepMetricsRecord step(int step, OptionalDouble valid) {
    return new StepMetricsRecord(
        step,
        300,
        3.5 - step / 100.0,
        0.25,
        valid,
        valid,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Map.of(),
        Optional.of(new StepMetricsRecord.Effort(5e-4, 1.5, 512, 2.25)));
  }

  @Test
  void everyStepIsAnEventWithItsFigures() {
    var steps = List.of(step(1, OptionalDouble.empty()), step(300, OptionalDouble.of(0.125)));
    List<Event> events = read(TensorBoardFile.of(CREATED, steps));
    assertEquals(3, events.size());
    assertEquals("brain.Event:2", events.getFirst().version());
    assertEquals(1_790_000_000.0, events.getFirst().time());
    assertEquals(
        Map.of(
            "train_loss", 3.49f,
            "train_mean_token_accuracy", 0.25f,
            "learning_rate", 5e-4f,
            "gradient_norm", 1.5f),
        events.get(1).scalars());
    assertEquals(1, events.get(1).step());
    assertEquals(1_790_000_002.25, events.get(1).time());
    assertEquals(300, events.get(2).step());
    assertEquals(0.125f, events.get(2).scalars().get("valid_loss"));
    assertEquals(0.125f, events.get(2).scalars().get("valid_mean_token_accuracy"));
    assertEquals(6, events.get(2).scalars().size());
  }

  @Test
  void aFileOfMoreStepsBeginsWithThatOfFewer() {
    var all = List.of(step(1, OptionalDouble.of(1)), step(2, OptionalDouble.empty()));
    byte[] fewer = TensorBoardFile.of(CREATED, all.subList(0, 1));
    byte[] more = TensorBoardFile.of(CREATED, all);
    assertTrue(fewer.length < more.length);
    assertArrayEquals(fewer, Arrays.copyOf(more, fewer.length));
  }

  @Test
  void tensorBoardFindsItByItsName() {
    assertEquals("events.out.tfevents.1790000000.luthier", TensorBoardFile.name(CREATED));
  }

  @Test
  void theSumIsCrc32cAsItsStandardHasIt() {
    assertEquals(0xe3069283, crc32c("123456789".getBytes(StandardCharsets.US_ASCII)));
  }

  private static List<Event> read(byte[] file) {
    var events = new ArrayList<Event>();
    var buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      byte[] length = take(buffer, 8);
      checkSum(length, buffer.getInt());
      byte[] data =
          take(buffer, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      checkSum(data, buffer.getInt());
      events.add(event(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN)));
    }
    return events;
  }

  private static byte[] take(ByteBuffer buffer, int count) {
    byte[] bytes = new byte[count];
    buffer.get(bytes);
    return bytes;
  }

  private static void checkSum(byte[] data, int masked) {
    int unmasked = masked - 0xa282ead8;
    assertEquals(crc32c(data), (unmasked >>> 17) | (unmasked << 15));
  }

  private static int crc32c(byte[] data) {
    int crc = ~0;
    for (byte one : data) {
      crc ^= one & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82f63b78;
      }
    }
    return ~crc;
  }

  private static Event event(ByteBuffer in) {
    double time = 0;
    long step = 0;
    String version = "";
    var scalars = new LinkedHashMap<String, Float>();
    while (in.hasRemaining()) {
      switch ((int) varint(in)) {
        case 9 -> time = in.getDouble();
        case 16 -> step = varint(in);
        case 26 -> version = text(in);
        case 42 -> summary(inner(in), scalars);
        default -> throw new AssertionError("a field that Event has not");
      }
    }
    return new Event(time, step, version, scalars);
  }

  private static void summary(ByteBuffer in, Map<String, Float> scalars) {
    while (in.hasRemaining()) {
      assertEquals(10, varint(in));
      ByteBuffer value = inner(in);
      assertEquals(10, varint(value));
      String tag = text(value);
      assertEquals(21, varint(value));
      scalars.put(tag, value.getFloat());
      assertEquals(0, value.remaining());
    }
  }

  private static ByteBuffer inner(ByteBuffer in) {
    return ByteBuffer.wrap(take(in, (int) varint(in))).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(ByteBuffer in) {
    return new String(take(in, (int) varint(in)), StandardCharsets.UTF_8);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    byte one;
    do {
      one = in.get();
      value |= (long) (one & 0x7f) << shift;
      shift += 7;
    } while (one < 0);
    return value;
  }
}
