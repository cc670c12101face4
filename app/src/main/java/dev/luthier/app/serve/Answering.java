package dev.luthier.app.serve;

import dev.luthier.app.config.Config;
import dev.luthier.http.api.RateLimits;
import dev.luthier.platform.models.Fingerprints;
import java.util.Map;

/// How answers are limited, and how what they depend on is named.
record Answering(RateLimits.Limits limits, Fingerprints fingerprints) {
  static Answering of(Config config) {
    return new Answering(
        new RateLimits.Limits(config.requestsPerMinute(), config.tokensPerMinute()),
        new Fingerprints(
            Distribution.find().map(Distribution::hash).orElse("development"),
            config.device().text() + " " + ProcessorClass.ofThisMachine()));
  }

  /// The same for what is trained.
  Map<String, String> program() {
    return Map.of("build", fingerprints.build(), "processor", fingerprints.machine());
  }
}
