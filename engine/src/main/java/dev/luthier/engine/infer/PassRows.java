package dev.luthier.engine.infer;

import dev.luthier.engine.kernel.ByteOperand;
import dev.luthier.engine.kernel.ByteProduct;
import dev.luthier.engine.kernel.ByteRows;
import dev.luthier.engine.kernel.ByteRows.Planes;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.Workspace;
import java.util.ArrayList;
import java.util.List;

/// The rows of a pass as products take them, quantised: those of prompts in 8 bits, twice as fast,
/// those of answers, on which the next token hangs, in 16. What a row is does not change with its
/// neighbours, so neither does its result.
final class PassRows {
  private final long quantised;
  private final List<ByteRows> stretches = new ArrayList<>();

  /// For up to `rowsMax` rows of up to `deepest` elements.
  PassRows(Memory memory, int rowsMax, int deepest) {
    quantised = memory.allocate(ByteProduct.bytes(rowsMax, deepest));
  }

  /// Forgets the pass before.
  void begin() {
    stretches.clear();
  }

  /// The next rows of the pass.
  void add(int count, boolean answers) {
    Planes planes = answers ? Planes.TWO : Planes.ONE;
    int end = stretches.isEmpty() ? 0 : stretches.getLast().end();
    boolean goesOn = !stretches.isEmpty() && stretches.getLast().planes() == planes;
    int first = goesOn ? stretches.removeLast().first() : end;
    stretches.add(new ByteRows(quantised, first, end + count - first, planes));
  }

  /// Quantises rows [first, first + count) of bf16 `from` [*,depth].
  void quantise(int depth, Strided from, int first, int count) {
    for (ByteRows stretch : stretches) {
      int begin = Math.max(first, stretch.first());
      int end = Math.min(first + count, stretch.end());
      if (begin < end) {
        ByteProduct.quantise(
            stretch.planes(),
            end - begin,
            depth,
            new Strided(from.address() + begin * from.stride() * Short.BYTES, from.stride()),
            quantised + begin * ByteProduct.rowBytes(depth));
      }
    }
  }

  /// Columns [first, first + count) of Y = X W^T + terms + residual, X as it was quantised last.
  void product(
      Workspace space,
      ByteOperand w,
      int first,
      int count,
      List<ByteProduct.Addend> terms,
      Strided residual,
      Strided y) {
    for (ByteRows stretch : stretches) {
      ByteProduct.toBf16(space, stretch, w, first, count, terms, residual, y);
    }
  }

  /// As [#product], in fp32, without terms and residual.
  void product(Workspace space, ByteOperand w, int first, int count, Strided y) {
    for (ByteRows stretch : stretches) {
      ByteProduct.toFp32(space, stretch, w, first, count, List.of(), y);
    }
  }
}
