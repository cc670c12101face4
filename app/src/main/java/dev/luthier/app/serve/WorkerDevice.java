package dev.luthier.app.serve;

import dev.luthier.app.config.ConfigException;
import dev.luthier.wire.internal.DeviceChoice;
import dev.luthier.wire.internal.DeviceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The device that workers compute on, and what they find on their class path for it. This process
/// does not touch it: another one tries, and may die of it.
///
/// @param jars LibTorch for CUDA where that is what they compute on, else none
record WorkerDevice(DeviceChoice device, List<Path> jars) {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerDevice.class);
  private static final String JARS = "*-linux-x86_64-gpu.jar";
  private static final int TRIAL_SECONDS_MAX = 300;

  /// What NVIDIA's driver leaves when it is loaded; the second is its name under WSL.
  private static final List<Path> DRIVERS = List.of(Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

  WorkerDevice {
    jars = List.copyOf(jars);
  }

  /// Decides for this machine.
  ///
  /// @param folder where `./build -Pcuda` puts its jars
  /// @param drivers files of which one is there where a driver is loaded
  /// @param trial tries the GPU with these jars on the class path, and says why it cannot be used
  /// @throws ConfigException if the GPU is asked for and cannot be used
  static WorkerDevice decide(
      DeviceChoice asked,
      Optional<Path> folder,
      List<Path> drivers,
      Function<List<Path>, Optional<String>> trial) {
    List<Path> jars = folder.map(WorkerDevice::jars).orElse(List.of());
    try {
      DeviceChoice device = asked.decide(() -> whyNot(jars, drivers, trial));
      return new WorkerDevice(device, device == DeviceChoice.CUDA ? jars : List.of());
    } catch (DeviceException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  /// Decides with a trial in a process of its own.
  ///
  /// @param trial that process, which writes the reason or nothing into the file it is told
  static WorkerDevice decide(
      DeviceChoice asked, Optional<Path> folder, Function<List<Path>, ProcessBuilder> trial) {
    return decide(asked, folder, DRIVERS, jars -> outcome(trial.apply(jars)));
  }

  private static Optional<String> whyNot(
      List<Path> jars, List<Path> drivers, Function<List<Path>, Optional<String>> trial) {
    if (jars.isEmpty()) {
      return Optional.of("LibTorch for CUDA is not installed");
    }
    Optional<String> why =
        drivers.stream().noneMatch(Files::exists)
            ? Optional.of("no NVIDIA driver is loaded on this machine")
            : trial.apply(jars);
    why.ifPresent(reason -> LOG.info("the GPU is not used: {}", reason));
    return why;
  }

  private static List<Path> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      var wanted = folder.getFileSystem().getPathMatcher("glob:" + JARS);
      return files.filter(file -> wanted.matches(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be listed", e);
    }
  }

  private static Optional<String> outcome(ProcessBuilder trial) {
    try {
      Path said = Files.createTempFile("luthier-device-", ".txt");
      try {
        trial.command().add(said.toString());
        Process process =
            trial
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(TRIAL_SECONDS_MAX, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return Optional.of("a trial did not end within " + TRIAL_SECONDS_MAX + " s");
        }
        String reason = Files.readString(said, StandardCharsets.UTF_8).strip();
        return process.exitValue() == 0
            ? Optional.of(reason).filter(text -> !text.isEmpty())
            : Optional.of("a trial ended with exit code " + process.exitValue());
      } finally {
        Files.deleteIfExists(said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the trial of the GPU cannot be started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("its trial was interrupted");
    }
  }
}
