package dev.luthier.engine.infer;

import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.model.ModelConfig;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Keys and values of one sequence in raw memory: bf16 [layers][keys, values][capacity][KV*D]. Room
/// doubles as the sequence grows, up to what it can need.
final class RawCache implements BatchModel.Cache {
  private static final int ROWS_LEAST = 128;

  private final ModelConfig config;
  private final int[] prompt;
  private final Optional<? extends BatchModel.Adapter> adapter;
  private final int rowsMax;
  private final int rowBytes;
  private Memory memory = new Memory();
  private long address;
  private int capacity;
  private int length;

  /// @param prompt how the sequence begins
  RawCache(
      ModelConfig config,
      int[] prompt,
      Optional<? extends BatchModel.Adapter> adapter,
      int rowsMax) {
    this.config = config;
    this.prompt = prompt;
    this.adapter = adapter;
    this.rowsMax = rowsMax;
    this.rowBytes = config.kvHeads() * config.headDim() * Short.BYTES;
  }

  @Override
  public int length() {
    return length;
  }

  int[] prompt() {
    return prompt;
  }

  Optional<? extends BatchModel.Adapter> adapter() {
    return adapter;
  }

  /// Whether the row at a position belongs to the answer. Rows of a prompt are computed as many,
  /// even one that comes alone: how a prompt is cut into pieces must not matter.
  boolean answers(int position) {
    return position >= prompt.length;
  }

  /// Makes room for `rows` more. Call before a pass, [#advance] after it.
  void reserve(int rows) {
    int needed = length + rows;
    if (needed > rowsMax) {
      throw new IllegalStateException(
          "a cache of at most %d rows cannot hold %d".formatted(rowsMax, needed));
    }
    if (needed > capacity) {
      grow(Math.min(rowsMax, Math.max(Math.max(needed, 2 * capacity), ROWS_LEAST)));
    }
  }

  private void grow(int rows) {
    Memory larger = new Memory();
    long place = larger.allocate(2L * config.layers() * rows * rowBytes);
    for (int part = 0; part < 2 * config.layers() && length > 0; part++) {
      copy(address, capacity, place, rows, part, length);
    }
    memory.close();
    memory = larger;
    address = place;
    capacity = rows;
  }

  /// Takes over the first `rows` rows of a sequence that began alike.
  void take(RawCache other, int rows) {
    reserve(rows - length);
    for (int part = 0; part < 2 * config.layers(); part++) {
      copy(other.address, other.capacity, address, capacity, part, rows);
    }
    length = rows;
  }

  private void copy(long from, int fromRows, long to, int toRows, int part, int rows) {
    long size = (long) rows * rowBytes;
    MemorySegment.copy(
        Memory.segment(from + (long) part * fromRows * rowBytes, size),
        0,
        Memory.segment(to + (long) part * toRows * rowBytes, size),
        0,
        size);
  }

  /// Keys [capacity,D] of one head.
  Strided keys(int layer, int head) {
    return head(2 * layer, head);
  }

  /// Values [capacity,D] of one head.
  Strided values(int layer, int head) {
    return head(2 * layer + 1, head);
  }

  private Strided head(int part, int head) {
    return new Strided(
        address + (long) part * capacity * rowBytes + (long) head * config.headDim() * Short.BYTES,
        rowBytes / Short.BYTES);
  }

  /// Writes keys and values [KV*D] of the row at `position`.
  void write(int layer, int position, long keys, long values) {
    MemorySegment.copy(
        Memory.segment(keys, rowBytes),
        0,
        Memory.segment(keys(layer, 0).address() + (long) position * rowBytes, rowBytes),
        0,
        rowBytes);
    MemorySegment.copy(
        Memory.segment(values, rowBytes),
        0,
        Memory.segment(values(layer, 0).address() + (long) position * rowBytes, rowBytes),
        0,
        rowBytes);
  }

  void advance(int rows) {
    length += rows;
  }

  long bytes() {
    return memory.bytes();
  }

  @Override
  public void close() {
    memory.close();
  }
}
