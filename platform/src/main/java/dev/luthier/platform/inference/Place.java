package dev.luthier.platform.inference;

import dev.luthier.platform.launch.LaunchId;
import dev.luthier.platform.models.AdapterStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The process of a base, or of a fine-tune with weights of its own, from its launch on. Guarded by
/// its desk's lock.
final class Place {
  final String id;
  final LaunchId launch;
  Instant lastHeard;
  Instant lastAsked;
  Optional<Endpoint> endpoint = Optional.empty();

  Place(String id, LaunchId launch, Instant now) {
    this.id = id;
    this.launch = launch;
    this.lastHeard = now;
    this.lastAsked = now;
  }

  boolean isWholeModel() {
    return AdapterStore.isWholeModel(id);
  }

  Duration idle(Instant now) {
    return Duration.between(lastAsked, now);
  }
}
