package dev.luthier.platform.models;

import dev.luthier.platform.keys.SecretHash;

/// Names all that the bits of an answer depend on beside its request, so that a caller who sends a
/// seed sees when the same answer can no longer be had.
///
/// @param build of the program
/// @param machine the class of processor, or the kind of GPU
public record Fingerprints(String build, String machine) {
  private static final int DIGITS = 10;

  /// `fp_` and ten hexadecimal digits.
  public String of(ResolvedModel.Callable model) {
    String adapter =
        switch (model) {
          case ResolvedModel.Base _ -> "";
          case ResolvedModel.FineTune tune -> tune.adapter().weightsSha256();
          case ResolvedModel.WholeModel whole -> whole.weightsSha256();
        };
    BaseModel base = model.base();
    String all = String.join("\n", build, machine, base.id(), base.createdAt().toString(), adapter);
    return "fp_" + SecretHash.of(all).substring(0, DIGITS);
  }
}
