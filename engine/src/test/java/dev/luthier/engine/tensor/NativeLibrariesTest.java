package dev.luthier.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibrariesTest {
  @TempDir Path folder;

  /// What a trainer and an inference process do on a new data folder.
  @Test
  void processesThatStartTogetherUnpackTheLibrariesForEachOther() throws Exception {
    var processes = new ArrayList<Process>();
    for (int i = 0; i < 2; i++) {
      processes.add(start());
      Thread.sleep(300); // The second comes while the first unpacks.
    }
    for (var process : processes) {
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), output);
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.cachedir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Loads.class.getName())
        .redirectErrorStream(true)
        .start();
  }

  /// Loads LibTorch and ends.
  static final class Loads {
    private Loads() {}

    public static void main(String[] arguments) {
      if (Device.threads() < 1) {
        throw new IllegalStateException("LibTorch computes with no thread");
      }
    }
  }
}
