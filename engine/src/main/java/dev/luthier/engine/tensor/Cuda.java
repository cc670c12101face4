package dev.luthier.engine.tensor;

import dev.luthier.engine.weights.DType;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/// Whether this process can compute on an NVIDIA GPU.
///
/// LibTorch for CUDA is a jar of its own, which only a process that is to use the GPU has on its
/// class path. It holds neither the driver nor the CUDA libraries.
public final class Cuda {
  private static final String NATIVES = "/org/bytedeco/pytorch/linux-x86_64-gpu/libtorch_cuda.so";

  private Cuda() {}

  /// Whether LibTorch for CUDA is on the class path. Loads nothing.
  public static boolean isOnClassPath() {
    return Cuda.class.getResource(NATIVES) != null;
  }

  /// Why the GPU cannot be used, as the end of a sentence; empty when it computes. Loads LibTorch,
  /// which a driver that is broken might not survive: ask in a process that may die.
  public static Optional<String> whyNot() {
    if (!isOnClassPath()) {
      return Optional.of("LibTorch for CUDA is not installed");
    }
    try {
      Device.prepareThread();
      if (!torch.cuda_is_available()) {
        return Optional.of("no NVIDIA driver or no GPU answers");
      }
      return computes() ? Optional.empty() : Optional.of("the GPU computes wrongly");
    } catch (LinkageError e) {
      return Optional.of("the CUDA libraries cannot be loaded (%s)".formatted(firstLine(e)));
    } catch (RuntimeException e) {
      return Optional.of("the GPU refuses to compute (%s)".formatted(firstLine(e)));
    }
  }

  /// Multiplies and attends in bf16, which takes compute capability 8.0.
  private static boolean computes() {
    var before = Device.current();
    Device.use(DeviceClass.CUDA);
    try (var _ = Scope.open()) {
      var ones = Tensor.filled(1, DType.BF16, 64, 64);
      var product = ones.matmul(ones); // All 64.
      var rows = product.view(64, 1, 64);
      var documents =
          new FlashAttention.Documents(Tensor.of(new int[] {0, 16, 64}).to(DType.I32), 48);
      var attended = FlashAttention.forward(rows, rows, rows, documents).out(); // All 64 again.
      return attended.to(DType.F32).sum().item() == 64.0 * 64 * 64;
    } finally {
      Device.use(before);
    }
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
