package dev.luthier.platform.models;

import java.nio.file.Path;
import java.time.Instant;

/// A base whose folder is complete.
///
/// @param id its name in the API, and its folder's name
public record BaseModel(String id, Instant createdAt, Path folder) {
  public static final String ID_PATTERN = "[a-z0-9][a-z0-9._-]{0,79}";

  public BaseModel {
    if (!id.matches(ID_PATTERN)) {
      throw new IllegalArgumentException(
          "a base is called by lower-case letters, digits, '.', '_' and '-', not " + id);
    }
  }
}
