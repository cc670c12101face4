package dev.luthier.worker;

import dev.luthier.engine.tensor.Cuda;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Tries the GPU, in a process of its own because a broken driver may end it: writes why it cannot
/// be used into the file that its argument names, or nothing.
public final class DeviceMain {
  private DeviceMain() {}

  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), Cuda.whyNot().orElse(""));
  }
}
