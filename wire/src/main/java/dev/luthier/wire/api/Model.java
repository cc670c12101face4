package dev.luthier.wire.api;

import java.util.List;
import java.util.Optional;

/// A base model, a fine-tune or a checkpoint of one.
public record Model(
    String id, String object, long created, String ownedBy, Optional<String> shutdownDate) {

  /// All models; this list has no pages.
  public record Listing(String object, List<Model> data) {
    public Listing {
      data = List.copyOf(data);
    }

    public Listing(List<Model> data) {
      this("list", data);
    }
  }
}
