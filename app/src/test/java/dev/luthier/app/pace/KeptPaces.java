package dev.luthier.app.pace;

import dev.luthier.platform.estimate.DrawingPace;
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
    keep(data, baseId + ".json", new MeasuredPace.Kept(key(), pace));
  }

  /// Says of this machine and build that it draws answers at `pace`.
  public static void keep(Path data, String baseId, DrawingPace pace) throws IOException {
    keep(data, baseId + ".drawing.json", new MeasuredPace.KeptDrawing(key(), pace));
  }

  private static String key() {
    return Build.name() + ", " + Machine.name();
  }

  private static void keep(Path data, String name, Record kept) throws IOException {
    Path folder = Files.createDirectories(data.resolve("paces"));
    Files.writeString(folder.resolve(name), Json.text(kept));
  }
}
