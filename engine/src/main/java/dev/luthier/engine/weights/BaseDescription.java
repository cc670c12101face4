package dev.luthier.engine.weights;

/// What the catalog says of a base: its id (the folder's name too), model family, licence and where
/// it came from.
public record BaseDescription(String id, String family, String licence, String source) {
  public BaseDescription {
    if (id.isBlank() || family.isBlank()) {
      throw new IllegalArgumentException(
          "a base needs an id and a family, got '" + id + "' and '" + family + "'");
    }
  }
}
