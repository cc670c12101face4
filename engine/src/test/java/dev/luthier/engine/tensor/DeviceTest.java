package dev.luthier.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.weights.DType;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DeviceTest {
  @Test
  void withoutItsJarTheGpuIsNotThere() {
    Assumptions.assumeFalse(Cuda.isOnClassPath());
    assertEquals(Optional.of("LibTorch for CUDA is not installed"), Cuda.whyNot());
  }

  @Test
  void aTensorOnAGpuThatIsNotThereIsAnErrorAndNoCrash() {
    Assumptions.assumeFalse(Cuda.isOnClassPath());
    Device.use(DeviceClass.CUDA);
    try (var _ = Scope.open()) {
      var refused = assertThrows(RuntimeException.class, () -> Tensor.zeros(DType.F32, 2));
      assertTrue(refused.toString().contains("CUDA"), refused.toString());
      assertThrows(RuntimeException.class, () -> Tensor.of(new float[] {1}, 1));
    } finally {
      Device.use(DeviceClass.CPU);
    }
  }

  @Test
  void memoryOfATensorOnADeviceIsNotHandedOut() {
    Device.use(DeviceClass.META);
    try (var _ = Scope.open()) {
      var tensor = Tensor.zeros(DType.F32, 2);
      var refused = assertThrows(IllegalStateException.class, tensor::memory);
      assertTrue(refused.toString().contains("onHost()"), refused.toString());
    } finally {
      Device.use(DeviceClass.CPU);
    }
  }
}
