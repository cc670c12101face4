package dev.luthier.engine.full;

import dev.luthier.engine.model.MasterWeights;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.ModelException;
import dev.luthier.engine.model.WeightName;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import dev.luthier.engine.weights.Safetensors;
import dev.luthier.engine.weights.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A model's master weights: all of them, one flat fp32 array laid out by [FullLayout].
public final class FullWeights implements MasterWeights {
  private static final String WEIGHTS = "model.safetensors";

  /// What a model needs beside its weights; training changes none of it.
  private static final List<String> UNCHANGED =
      List.of("config.json", "tokenizer.json", "chat_template.jinja");

  private final Path base;
  private final FullLayout layout;
  private final DType stored;
  private final Scope owner = Scope.detached();
  private final Tensor parameters;

  private FullWeights(Path base, FullLayout layout, DType stored) {
    this.base = base;
    this.layout = layout;
    this.stored = stored;
    try (var _ = Scope.open()) {
      this.parameters = Tensor.zeros(DType.F32, layout.size()).moveTo(owner);
    }
  }

  /// The weights of a base folder, which stays as it is. They are written again in the type that
  /// they have there.
  public static FullWeights read(Path baseFolder, ModelConfig config) throws IOException {
    try (var file = Safetensors.map(baseFolder.resolve(WEIGHTS));
        var _ = Scope.open()) {
      var stored = file.tensor(WeightName.EMBEDDING).type();
      var weights = new FullWeights(baseFolder, FullLayout.of(config), stored);
      try {
        weights.load(file);
        return weights;
      } catch (RuntimeException e) {
        weights.close();
        throw e;
      }
    }
  }

  private void load(Safetensors file) {
    for (var slot : layout.slots()) {
      var source = file.tensor(slot.name());
      if (!Arrays.equals(source.shape(), slot.shape())) {
        throw new ModelException(
            "%s: %s does not have the shape %s that config.json says"
                .formatted(file.file(), source, Arrays.toString(slot.shape())));
      }
      try (var _ = Scope.open()) {
        view(parameters, slot).copyFrom(Tensor.mapped(source));
      }
    }
  }

  public FullLayout layout() {
    return layout;
  }

  @Override
  public Tensor parameters() {
    return parameters;
  }

  /// A slot's part of a flat array that is laid out like this: a view, in the innermost scope.
  public static Tensor view(Tensor flat, FullLayout.Slot slot) {
    return flat.narrow(0, slot.offset(), slot.elements()).view(slot.shape());
  }

  /// A folder as transformers and the hub lay it out, the configuration last.
  @Override
  public void write(Path folder, String baseName) throws IOException {
    Files.createDirectories(folder);
    try (var _ = Scope.open()) {
      var tensors = new ArrayList<StoredTensor>();
      for (var slot : layout.slots()) {
        tensors.add(view(parameters, slot).to(stored).onHost().stored(slot.name()));
      }
      Safetensors.write(
          folder.resolve(WEIGHTS), tensors, Map.of("format", "pt", "base_model", baseName));
    }
    for (var name : UNCHANGED.reversed()) {
      if (Files.exists(base.resolve(name))) {
        Files.copy(base.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
