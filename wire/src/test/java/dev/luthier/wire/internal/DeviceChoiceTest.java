package dev.luthier.wire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceChoiceTest {
  @Test
  void autoTakesTheGpuOnlyWhereItCanBeUsed() {
    assertEquals(DeviceChoice.CUDA, DeviceChoice.AUTO.decide(Optional::empty));
    assertEquals(DeviceChoice.CPU, DeviceChoice.AUTO.decide(() -> Optional.of("no driver")));
  }

  @Test
  void cpuAsksForNothing() {
    assertEquals(
        DeviceChoice.CPU,
        DeviceChoice.CPU.decide(() -> {
          throw new AssertionError("the GPU was asked");
        }));
  }

  @Test
  void cudaIsTakenOrRefusedWithTheReasonAndTheRemedy() {
    assertEquals(DeviceChoice.CUDA, DeviceChoice.CUDA.decide(Optional::empty));
    var refused =
        assertThrows(
            DeviceException.class,
            () -> DeviceChoice.CUDA.decide(() -> Optional.of("no NVIDIA driver answers")));
    assertEquals(
        "device is 'cuda', but no NVIDIA driver answers; README.md says under \"On a GPU\" what has"
            + " to be installed; 'auto' or 'cpu' computes without.",
        refused.getMessage());
  }

  @Test
  void anUnknownDeviceIsRefusedByName() {
    var refused = assertThrows(DeviceException.class, () -> DeviceChoice.of("gpu"));
    assertEquals("there is no device 'gpu'; there are auto, cpu, cuda", refused.getMessage());
  }
}
