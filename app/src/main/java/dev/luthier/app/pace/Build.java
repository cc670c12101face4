package dev.luthier.app.pace;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which program this is: the sum over its jars, which lies beside them.
final class Build {
  private Build() {}

  static String name() {
    try {
      Path jar = Path.of(Build.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path sum = jar.resolve("../../lib.sha256").normalize();
      return Files.isRegularFile(sum) ? Files.readString(sum).strip() : "development";
    } catch (URISyntaxException | IOException _) {
      return "development";
    }
  }
}
