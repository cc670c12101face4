package dev.luthier.engine.train.gradient;

import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.nn.CausalAttention;
import dev.luthier.engine.nn.Document;
import dev.luthier.engine.nn.DocumentAttention;
import dev.luthier.engine.nn.FlashPackAttention;
import dev.luthier.engine.nn.PackAttention;
import dev.luthier.engine.tensor.FlashAttention;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.stream.IntStream;

/// A pack's numbers where tensors are computed with, sent there once: token ids and positions [N],
/// rows and tokens of the targets [S]. They belong to the innermost scope.
record PackTensors(
    Pack pack, Tensor tokens, Tensor positions, Tensor targetRows, Tensor targetTokens) {
  static PackTensors of(Pack pack) {
    return new PackTensors(
        pack,
        Tensor.of(pack.tokens()),
        Tensor.of(pack.positions()),
        Tensor.of(pack.targetRows()),
        Tensor.of(pack.targetTokens()));
  }

  /// How the pack's documents attend.
  PackAttention attention(ModelConfig config, Precision precision) {
    var documents = pack.documents();
    boolean apart = documents.stream().noneMatch(Document::hasPrefix);
    if (apart && FlashAttention.fits(config.headDim(), precision)) {
      var own = documents.stream().map(Document::own).toList();
      var starts = own.stream().mapToInt(Document.Span::start);
      var offsets = IntStream.concat(starts, IntStream.of(pack.rows())).toArray();
      int longest = own.stream().mapToInt(Document.Span::length).max().orElse(0);
      return new FlashPackAttention(
          config.heads(),
          config.kvHeads(),
          config.headDim(),
          new FlashAttention.Documents(Tensor.of(offsets).to(DType.I32), longest));
    }
    return new DocumentAttention(
        new CausalAttention(config.heads(), config.kvHeads(), config.headDim()), documents);
  }
}
