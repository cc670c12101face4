package dev.luthier.http;

import io.javalin.config.RoutesConfig;

/// A set of routes that the server offers: the public API is one, the internal protocol another.
@FunctionalInterface
public interface Routes {
  /// Adds every route. Called once, before the server listens. Handlers run on virtual threads and
  /// may throw `ApiException`, which becomes the error envelope.
  void addTo(RoutesConfig routes);
}
