package dev.luthier.app.bases;

import java.util.List;
import java.util.regex.Pattern;

/// A base model as the catalog names it.
///
/// @param id its folder's name and the name that requests use
/// @param bytes about what it takes on disk
/// @param sources tried in order
public record BaseEntry(
    String id, String family, String licence, long bytes, List<BaseSource> sources) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  public BaseEntry {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "'"
              + id
              + "' is no base id: 1 to 64 of a-z, 0-9, '.', '_', '-', first a letter or digit");
    }
    sources = List.copyOf(sources);
  }
}
