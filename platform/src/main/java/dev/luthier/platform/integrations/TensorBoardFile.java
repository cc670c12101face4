package dev.luthier.platform.integrations;

import dev.luthier.platform.jobs.StepMetricsRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;

/// A job's figures as an event file of TensorBoard: one event a step, a scalar for each figure.
///
/// The content is a function of the steps, and that of more steps begins with that of fewer: a file
/// is brought up to date by adding what lies behind its end. An event's time is the job's creation
/// and all that its steps took.
///
/// The frame is TFRecord's: length (8 bytes), masked CRC-32C of the length, data, masked CRC-32C of
/// the data, all little-endian. The data is TensorFlow's `Event` (event.proto, summary.proto).
public final class TensorBoardFile {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK_DELTA = 0xa282ead8;

  /// Numbers of fields, with the wire types 0 (varint), 1 (8 bytes), 2 (with a length), 5 (4
  /// bytes).
  private static final int EVENT_WALL_TIME = (1 << 3) | 1;

  private static final int EVENT_STEP = 2 << 3;
  private static final int EVENT_FILE_VERSION = (3 << 3) | 2;
  private static final int EVENT_SUMMARY = (5 << 3) | 2;
  private static final int SUMMARY_VALUE = (1 << 3) | 2;
  private static final int VALUE_TAG = (1 << 3) | 2;
  private static final int VALUE_SIMPLE_VALUE = (2 << 3) | 5;

  private TensorBoardFile() {}

  /// TensorBoard looks for `tfevents` in names.
  public static String name(Instant createdAt) {
    return "events.out.tfevents.%010d.luthier".formatted(createdAt.getEpochSecond());
  }

  /// The whole file.
  ///
  /// @param createdAt of the job
  /// @param steps from the first, in order
  public static byte[] of(Instant createdAt, List<StepMetricsRecord> steps) {
    var file = new ByteArrayOutputStream();
    double time = createdAt.getEpochSecond();
    var first = new Message();
    first.fixed64(EVENT_WALL_TIME, time);
    first.bytes(EVENT_FILE_VERSION, VERSION.getBytes(StandardCharsets.UTF_8));
    frame(file, first.toBytes());
    for (StepMetricsRecord step : steps) {
      time += step.effort().map(StepMetricsRecord.Effort::seconds).orElse(0.0);
      var event = new Message();
      event.fixed64(EVENT_WALL_TIME, time);
      event.varint(EVENT_STEP, step.step());
      event.bytes(EVENT_SUMMARY, summary(step));
      frame(file, event.toBytes());
    }
    return file.toByteArray();
  }

  private static byte[] summary(StepMetricsRecord step) {
    var summary = new Message();
    Figures.of(step)
        .forEach((name, figure) -> {
          var value = new Message();
          value.bytes(VALUE_TAG, name.getBytes(StandardCharsets.UTF_8));
          value.fixed32(VALUE_SIMPLE_VALUE, figure.floatValue());
          summary.bytes(SUMMARY_VALUE, value.toBytes());
        });
    return summary.toBytes();
  }

  private static void frame(ByteArrayOutputStream file, byte[] data) {
    byte[] length = littleEndian(Long.BYTES).putLong(data.length).array();
    file.writeBytes(length);
    file.writeBytes(littleEndian(Integer.BYTES).putInt(maskedCrc(length)).array());
    file.writeBytes(data);
    file.writeBytes(littleEndian(Integer.BYTES).putInt(maskedCrc(data)).array());
  }

  private static int maskedCrc(byte[] data) {
    var crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// A protobuf message that is being written, field by field.
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void varint(int key, long value) {
      plain(key);
      plain(value);
    }

    void fixed64(int key, double value) {
      plain(key);
      bytes.writeBytes(littleEndian(Double.BYTES).putDouble(value).array());
    }

    void fixed32(int key, float value) {
      plain(key);
      bytes.writeBytes(littleEndian(Float.BYTES).putFloat(value).array());
    }

    void bytes(int key, byte[] value) {
      plain(key);
      plain(value.length);
      bytes.writeBytes(value);
    }

    /// Seven bits a byte, the lowest first.
    private void plain(long value) {
      long rest = value;
      while (rest > 0x7f) {
        bytes.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }

    byte[] toBytes() {
      return bytes.toByteArray();
    }
  }
}
