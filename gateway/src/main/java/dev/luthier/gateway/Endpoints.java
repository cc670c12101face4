package dev.luthier.gateway;

import dev.luthier.platform.inference.Endpoint;
import dev.luthier.platform.inference.InferenceDesk;
import java.time.Duration;

/// Where the process of a base answers. Production asks the [InferenceDesk].
interface Endpoints {
  /// Waits at most `wait`; an `ApiException` of status 503 when no process comes.
  Endpoint endpoint(String baseId, Duration wait);

  void unreachable(Endpoint endpoint);

  static Endpoints of(InferenceDesk desk) {
    return new Endpoints() {
      @Override
      public Endpoint endpoint(String baseId, Duration wait) {
        return desk.endpoint(baseId, wait);
      }

      @Override
      public void unreachable(Endpoint endpoint) {
        desk.unreachable(endpoint);
      }
    };
  }
}
