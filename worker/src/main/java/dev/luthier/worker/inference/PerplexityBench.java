package dev.luthier.worker.inference;

import dev.luthier.engine.infer.AdapterRef;
import dev.luthier.engine.infer.Perplexity;
import dev.luthier.engine.infer.Perplexity.Road;
import dev.luthier.text.EncodedRow;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.RowFile;
import dev.luthier.wire.bench.PerplexityBenchReport;
import dev.luthier.wire.bench.PerplexityBenchRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Asks what the weights in bytes, with which chats are answered, cost: rows are foretold on each
/// road, without a server.
public final class PerplexityBench {
  private PerplexityBench() {}

  /// Reads the rows three times.
  ///
  /// @throws IllegalArgumentException if none of the rows has an answer to foretell
  public static PerplexityBenchReport measure(PerplexityBenchRequest request) throws IOException {
    Path base = Path.of(request.baseFolder());
    Optional<AdapterRef> adapter =
        request.adapterFolder().map(folder -> new AdapterRef("adapter", Path.of(folder)));
    List<Perplexity.Row> rows = rows(request, base);
    Perplexity.Score bf16 = portable(base, Road.BF16, adapter, rows);
    if (bf16.targets() == 0) {
      throw new IllegalArgumentException(
          request.rowsFile() + " holds no answer to foretell; give chat rows with answers");
    }
    double fp32 = portable(base, Road.FP32, adapter, rows).perplexity();
    Optional<Double> int8 =
        Perplexity.of(base, Road.BYTES, adapter, rows).map(Perplexity.Score::perplexity);
    return new PerplexityBenchReport(
        request.model(),
        rows.size(),
        bf16.targets(),
        int8,
        bf16.perplexity(),
        fp32,
        int8.map(bytes -> bytes / bf16.perplexity()),
        int8.map(bytes -> bytes / fp32),
        bf16.perplexity() / fp32);
  }

  private static Perplexity.Score portable(
      Path base, Road road, Optional<AdapterRef> adapter, List<Perplexity.Row> rows)
      throws IOException {
    return Perplexity.of(base, road, adapter, rows).orElseThrow();
  }

  private static List<Perplexity.Row> rows(PerplexityBenchRequest request, Path base)
      throws IOException {
    try (ModelText text = ModelText.open(base);
        var rows = RowFile.read(Path.of(request.rowsFile()))) {
      return rows.limit(request.rows())
          .map(row -> text.encodeRow(row, text.contextLength()))
          .map(PerplexityBench::row)
          .toList();
    }
  }

  private static Perplexity.Row row(EncodedRow row) {
    return new Perplexity.Row(row.tokens(), row.trained());
  }
}
