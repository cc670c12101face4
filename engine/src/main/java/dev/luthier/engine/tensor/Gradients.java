package dev.luthier.engine.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.GradMode;

/// LibTorch's own differentiation, off unless asked for.
public final class Gradients {
  private Gradients() {}

  /// Runs a computation whose operations are recorded, so that [Tensor#backward] can be called on
  /// its result. Not nestable.
  public static <T> T recorded(Supplier<T> computation) {
    Device.prepareThread();
    GradMode.set_enabled(true);
    try {
      return computation.get();
    } finally {
      GradMode.set_enabled(false);
    }
  }
}
