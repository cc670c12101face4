package dev.luthier.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibrariesTest {
  @TempDir Path folder;

  /// What a trainer and an inference process do on a new data folder, and on one that was copied
  /// without the times of its files.
  @Test
  void processesThatStartTogetherUnpackTheLibrariesForEachOther() throws Exception {
    startTwo();
    Path library = libTorch();
    Files.setLastModifiedTime(library, FileTime.from(Instant.now()));
    Object unpacked = Files.readAttributes(library, BasicFileAttributes.class).fileKey();
    startTwo();
    assertNotEquals(
        unpacked,
        Files.readAttributes(libTorch(), BasicFileAttributes.class).fileKey(),
        "a library of another time is unpacked again, or this test shows nothing");
  }

  private Path libTorch() throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith("libtorch_cpu.so")).findFirst().orElseThrow();
    }
  }

  private void startTwo() throws Exception {
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
