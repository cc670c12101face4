package dev.luthier.engine.infer;

import dev.luthier.engine.infer.BatchModel.LogitsReader;
import dev.luthier.engine.infer.BatchModel.Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Logits of the rows of a pass that are sampled, on their way out of raw memory.
final class SampledLogits {
  private final Strided rows;
  private final float[] row;

  /// @param rows fp32 [sampled,V]
  SampledLogits(Strided rows, int vocabulary) {
    this.rows = rows;
    this.row = new float[vocabulary];
  }

  Strided rows() {
    return rows;
  }

  /// Hands a row to the reader for each part of the pass that is sampled, in order.
  <A> void hand(List<Rows<RawCache, A>> pass, LogitsReader reader) {
    long from = rows.address();
    for (int i = 0; i < pass.size(); i++) {
      if (pass.get(i).sampled()) {
        var logits = Memory.segment(from, (long) row.length * Float.BYTES);
        MemorySegment.copy(logits, ValueLayout.JAVA_FLOAT, 0, row, 0, row.length);
        reader.read(i, row);
        from += rows.stride() * Float.BYTES;
      }
    }
  }
}
