package dev.luthier.engine.train.gradient;

import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.nn.CausalAttention;
import dev.luthier.engine.nn.DocumentAttention;
import dev.luthier.engine.nn.FlashPackAttention;
import dev.luthier.engine.nn.PackAttention;
import dev.luthier.engine.tensor.FlashAttention;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;

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
    if (FlashAttention.fits(config.headDim(), precision)) {
      var offsets = Tensor.of(pack.offsets()).to(DType.I32);
      return new FlashPackAttention(
          config.heads(),
          config.kvHeads(),
          config.headDim(),
          new FlashAttention.Documents(offsets, pack.longest()));
    }
    return new DocumentAttention(
        new CausalAttention(config.heads(), config.kvHeads(), config.headDim()), pack.offsets());
  }
}
