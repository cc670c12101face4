package dev.luthier.http.api;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.Objects;

/// Says what is offered, in the words of OpenAPI; needs no key.
final class Description {
  private Description() {}

  static void answer(Context context) throws IOException {
    try (var stream = Description.class.getResourceAsStream("openapi.yaml")) {
      context
          .contentType("application/yaml")
          .result(Objects.requireNonNull(stream, "openapi.yaml").readAllBytes());
    }
  }
}
