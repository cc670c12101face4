package dev.luthier.http.request;

import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The parts of an uploaded form, lying on disk until this is closed.
public final class UploadForm implements AutoCloseable {

  private static final int FIELD_BYTES_MAX = 8 * 1024;

  private final List<Part> parts;

  UploadForm(Collection<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /// The file in the part of this name.
  public Optional<UploadedFile> file(String name) {
    return part(name).map(UploadedFile::new);
  }

  private Optional<Part> part(String name) {
    return parts.stream().filter(part -> name.equals(part.getName())).findFirst();
  }

  /// The text of the field of this name; empty when it is missing or holds nothing.
  public Optional<String> field(String name) throws IOException {
    var part = part(name);
    if (part.isEmpty()) {
      return Optional.empty();
    }
    try (var content = part.get().getInputStream()) {
      var text = new String(content.readNBytes(FIELD_BYTES_MAX), StandardCharsets.UTF_8).strip();
      return Optional.of(text).filter(some -> !some.isEmpty());
    }
  }

  long longestPart() {
    return parts.stream().mapToLong(Part::getSize).max().orElse(0);
  }

  @Override
  public void close() throws IOException {
    for (var part : parts) {
      part.delete();
    }
  }
}
