package dev.luthier.engine.lora;

import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.Projection;
import dev.luthier.engine.nn.Linear;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// An adapter's matrices in the type they are multiplied in, found by layer and linear.
public record LoraWeights(
    double scale, List<Pair> pairs, Map<Integer, Map<LinearName, Pair>> byLinear)
    implements Projection {
  /// A [r,in] and B [out,r] of one linear.
  public record Pair(LoraLayout.Slot slot, Tensor a, Tensor b) {}

  public LoraWeights {
    pairs = List.copyOf(pairs);
    byLinear = Map.copyOf(byLinear);
  }

  static LoraWeights of(double scale, List<Pair> pairs) {
    var byLinear = new HashMap<Integer, Map<LinearName, Pair>>();
    for (var pair : pairs) {
      byLinear
          .computeIfAbsent(pair.slot().layer(), _ -> new EnumMap<>(LinearName.class))
          .put(pair.slot().name(), pair);
    }
    return new LoraWeights(scale, pairs, byLinear);
  }

  /// The pair at a linear; empty where the adapter does not attach.
  public Optional<Pair> at(int layer, LinearName name) {
    return Optional.ofNullable(byLinear.getOrDefault(layer, Map.of()).get(name));
  }

  /// The same pairs with each matrix replaced.
  public LoraWeights map(UnaryOperator<Tensor> change) {
    return of(
        scale,
        pairs.stream()
            .map(pair -> new Pair(pair.slot(), change.apply(pair.a()), change.apply(pair.b())))
            .toList());
  }

  /// Changes what an adapter's matrices see of a linear's input; dropout comes in here.
  @FunctionalInterface
  public interface InputChange {
    Tensor apply(int layer, LinearName name, Tensor x);
  }

  public Projection withInput(InputChange change) {
    return (layer, name, linear, x) ->
        project(
            Projection.plain(),
            layer,
            name,
            linear,
            x,
            at(layer, name).isPresent() ? change.apply(layer, name, x) : x);
  }

  /// The same adapter where the base goes through its linears by `frozen`.
  public Projection beside(Projection frozen) {
    return (layer, name, linear, x) -> project(frozen, layer, name, linear, x, x);
  }

  /// x W^T + scale * (x A^T) B^T
  @Override
  public Tensor project(int layer, LinearName name, Linear linear, Tensor x) {
    return project(Projection.plain(), layer, name, linear, x, x);
  }

  private Tensor project(
      Projection frozen, int layer, LinearName name, Linear linear, Tensor x, Tensor adapterInput) {
    try (var scope = Scope.open()) {
      var y = frozen.project(layer, name, linear, x);
      var pair = at(layer, name);
      if (pair.isPresent()) {
        var low = adapterInput.linear(pair.get().a()); // (N, r)
        y = y.addMatmul(low, pair.get().b().transpose(0, 1), 1, scale);
      }
      return scope.keep(y);
    }
  }
}
