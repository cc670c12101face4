package dev.luthier.app.pace;

import dev.luthier.platform.estimate.Pace;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Paces as an earlier measuring would have left them.
public final class KeptPaces {
  private KeptPaces() {}

  /// Says of this machine and build that it trains a base at `pace`.
  public static void keep(Path data, String baseId, Pace pace) throws IOException {
    Path folder = Files.createDirectories(data.resolve("paces"));
    String key = Build.name() + ", " + Machine.name();
    Files.writeString(
        folder.resolve(baseId + ".json"), Json.text(new MeasuredPace.Kept(key, pace)));
  }
}
