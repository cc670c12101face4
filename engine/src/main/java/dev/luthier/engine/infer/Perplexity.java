package dev.luthier.engine.infer;

import dev.luthier.engine.model.Families;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How well a base foretells rows, on each road that answers can take: what weights in bytes cost.
///
/// A row is read as it would be answered: up to its first target as a prompt, then token by token.
/// The calling thread owns the model meanwhile.
public final class Perplexity {
  /// Rows that are read side by side.
  private static final int BATCH = 8;

  /// Tokens of a prompt that are read at once.
  private static final int PIECE = 128;

  /// How products are computed.
  public enum Road {
    /// Weights in 8 bits, on matrix units.
    BYTES,
    /// LibTorch's operators in bf16.
    BF16,
    /// LibTorch's operators in fp32.
    FP32
  }

  /// One row.
  ///
  /// @param targets `targets[t]`: how well token `t` is foretold counts; never at 0
  // Made once and never compared.
  @SuppressWarnings("ArrayRecordComponent")
  public record Row(int[] tokens, boolean[] targets) {
    public Row {
      if (tokens.length != targets.length || (targets.length > 0 && targets[0])) {
        throw new IllegalArgumentException(
            "%d tokens, %d marks; the first token cannot be foretold"
                .formatted(tokens.length, targets.length));
      }
    }

    private int firstTarget() {
      int at = 0;
      while (at < targets.length && !targets[at]) {
        at++;
      }
      return at;
    }

    private int lastTarget() {
      int at = targets.length - 1;
      while (at >= 0 && !targets[at]) {
        at--;
      }
      return at;
    }
  }

  /// How well the targets of all rows were foretold.
  ///
  /// @param nats what their logprobs sum to, with the sign turned
  public record Score(double nats, long targets) {
    /// e to the mean.
    public double perplexity() {
      return Math.exp(nats / targets);
    }
  }

  private double nats;
  private long targets;

  private Perplexity() {}

  /// Reads all rows; empty where this machine or this base cannot take the road.
  public static Optional<Score> of(
      Path baseFolder, Road road, Optional<AdapterRef> adapter, List<Row> rows) throws IOException {
    GeneratorSettings settings = GeneratorSettings.defaults();
    Device.threads(settings.threads());
    var decoder = Families.open(baseFolder, road == Road.FP32 ? Precision.FP32 : Precision.BF16);
    if (road != Road.BYTES) {
      try (var model = new TensorModel(decoder)) {
        return Optional.of(score(model, adapter, rows));
      }
    }
    Optional<RawModel<?>> bytes =
        decoder instanceof LlamaModel llama ? RawModel.of(llama, settings) : Optional.empty();
    if (bytes.isPresent()) {
      try (var model = bytes.get()) {
        return Optional.of(score(model, adapter, rows));
      }
    }
    decoder.close();
    return Optional.empty();
  }

  private static <C extends BatchModel.Cache, A extends BatchModel.Adapter> Score score(
      BatchModel<C, A> model, Optional<AdapterRef> ref, List<Row> rows) throws IOException {
    var sum = new Perplexity();
    Optional<A> adapter = ref.isPresent() ? Optional.of(model.load(ref.get())) : Optional.empty();
    List<Row> counted = rows.stream().filter(row -> row.lastTarget() > 0).toList();
    for (int from = 0; from < counted.size(); from += BATCH) {
      sum.read(model, adapter, counted.subList(from, Math.min(from + BATCH, counted.size())));
    }
    adapter.ifPresent(BatchModel.Adapter::close);
    return new Score(sum.nats, sum.targets);
  }

  /// A row on its way.
  private record Reading<C, A>(Row row, C cache, Optional<A> adapter) {
    /// The next tokens. Logits are wanted where the one behind them counts.
    BatchModel.Rows<C, A> next(int from, int count) {
      int[] tokens = Arrays.copyOfRange(row.tokens(), from, from + count);
      return new BatchModel.Rows<>(cache, adapter, tokens, row.targets()[from + count]);
    }
  }

  private <C extends BatchModel.Cache, A extends BatchModel.Adapter> void read(
      BatchModel<C, A> model, Optional<A> adapter, List<Row> rows) {
    List<Reading<C, A>> readings = new ArrayList<>();
    try {
      for (Row row : rows) {
        int[] prompt = Arrays.copyOf(row.tokens(), row.firstTarget());
        C cache = model.begin(prompt, adapter, row.lastTarget());
        var reading = new Reading<>(row, cache, adapter);
        readings.add(reading);
        while (cache.length() < prompt.length) {
          pass(model, List.of(reading), Math.min(PIECE, prompt.length - cache.length()));
        }
      }
      List<Reading<C, A>> unread = unread(readings);
      while (!unread.isEmpty()) {
        pass(model, unread, 1);
        unread = unread(unread);
      }
    } finally {
      readings.forEach(reading -> reading.cache().close());
    }
  }

  private static <C extends BatchModel.Cache, A> List<Reading<C, A>> unread(
      List<Reading<C, A>> readings) {
    return readings.stream()
        .filter(reading -> reading.cache().length() < reading.row().lastTarget())
        .toList();
  }

  private <C extends BatchModel.Cache, A extends BatchModel.Adapter> void pass(
      BatchModel<C, A> model, List<Reading<C, A>> readings, int count) {
    model.run(
        readings.stream().map(each -> each.next(each.cache().length(), count)).toList(),
        (index, logits) -> {
          Reading<C, A> reading = readings.get(index);
          nats +=
              Logits.logSumExp(logits) - logits[reading.row().tokens()[reading.cache().length()]];
          targets++;
        });
  }
}
