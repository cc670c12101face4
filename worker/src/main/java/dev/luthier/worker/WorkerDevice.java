package dev.luthier.worker;

import dev.luthier.engine.tensor.Cuda;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.DeviceClass;
import dev.luthier.wire.internal.DeviceChoice;
import java.util.Map;

/// The device that this process was told to compute on.
public final class WorkerDevice {
  private static final String VARIABLE = "LUTHIER_DEVICE";

  private WorkerDevice() {}

  /// Takes the device that `LUTHIER_DEVICE` names, `auto` if it is not set. To be called before the
  /// first tensor is made.
  ///
  /// @throws dev.luthier.wire.internal.DeviceException if there is no such device here
  public static DeviceClass take(Map<String, String> environment) {
    var choice = DeviceChoice.of(environment.getOrDefault(VARIABLE, DeviceChoice.AUTO.text()));
    var device =
        choice.decide(Cuda::whyNot) == DeviceChoice.CUDA ? DeviceClass.CUDA : DeviceClass.CPU;
    Device.use(device);
    return device;
  }
}
