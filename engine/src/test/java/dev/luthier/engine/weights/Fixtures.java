package dev.luthier.engine.weights;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/// Files made by `src/test/python/weights_fixtures.py`.
final class Fixtures {
  private Fixtures() {}

  static Path file(String name) throws URISyntaxException {
    URL url = Fixtures.class.getResource("/weights/" + name);
    return Path.of(Objects.requireNonNull(url, name).toURI());
  }
}
