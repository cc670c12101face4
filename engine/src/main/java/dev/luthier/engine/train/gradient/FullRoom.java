package dev.luthier.engine.train.gradient;

import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.WeightGradient;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// The memory that sums of all weights need beside a pass's own: factors packed for the matrix
/// units.
final class FullRoom implements AutoCloseable {
  private final Memory memory = new Memory();
  private final int capacity;

  /// Gradients of a group's outputs, turned.
  private final Map<InputGroup, Long> lefts = new EnumMap<>(InputGroup.class);

  /// A block of 64 columns of a group's inputs, one a member.
  private final long[] rights;

  /// A block of 64 columns of the gradients of logits, turned, one a member.
  private final long[] headLefts;

  /// The normed rows that the head sees, in blocks of 64 columns.
  private final long headRight;

  private final long headRightBytes;

  FullRoom(ModelConfig config, int rows, int members) {
    capacity = rows;
    for (var group : InputGroup.values()) {
      long bytes = WeightGradient.leftBytes(rows, group.out(config));
      lefts.put(group, memory.allocate(bytes));
    }
    int headRows = TiledHead.ROWS_MAX;
    rights = new long[members];
    headLefts = new long[members];
    for (int i = 0; i < members; i++) {
      rights[i] = memory.allocate(WeightGradient.leftBytes(rows, Operand.BLOCK));
      headLefts[i] = memory.allocate(WeightGradient.leftBytes(headRows, Operand.BLOCK));
    }
    headRightBytes = WeightGradient.leftBytes(headRows, Operand.BLOCK);
    headRight = memory.allocate(headRightBytes * TiledPass.blocks(config.hiddenSize()));
  }

  boolean holds(int rows) {
    return rows <= capacity;
  }

  long left(InputGroup group) {
    return Objects.requireNonNull(lefts.get(group));
  }

  long right(int member) {
    return rights[member];
  }

  long headLeft(int member) {
    return headLefts[member];
  }

  long headRight(int block) {
    return headRight + block * headRightBytes;
  }

  @Override
  public void close() {
    memory.close();
  }
}
