package dev.luthier.engine.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A base folder in the making, beside its final place. [#publish] renames it there; closing
/// without that removes it, and so does the next import for what a killed process left.
final class BaseStaging implements AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path parent;
  private final Path target;
  private final Path folder;

  private BaseStaging(Path parent, Path target, Path folder) {
    this.parent = parent;
    this.target = target;
    this.folder = folder;
  }

  /// Two imports of one base must not run at once: the caller's lock sees to that.
  static BaseStaging open(Path targetFolder) throws IOException {
    Path target = targetFolder.toAbsolutePath();
    if (BaseFolder.isComplete(target)) {
      throw new WeightsException(
          target, "is imported already; remove the folder to import it again");
    }
    Path parent = target.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("a base cannot be imported into the root folder");
    }
    Path folder = parent.resolve("." + target.getFileName() + ".importing");
    Files.createDirectories(parent);
    remove(folder);
    Files.createDirectory(folder);
    return new BaseStaging(parent, target, folder);
  }

  void write(String name, String text) throws IOException {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void write(String name, ObjectNode json) throws IOException {
    write(name, JSON.writeValueAsBytes(json));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, bytes);
    force(file, StandardOpenOption.WRITE);
  }

  void write(List<PlannedTensor> tensors, Progress progress) throws IOException {
    // transformers refuses files that do not name the framework whose layout they follow.
    SafetensorsWriter.write(
        folder.resolve(BaseFolder.WEIGHTS), tensors, Map.of("format", "pt"), progress);
  }

  /// Writes `base.json`, then gives the folder its name. Every byte is on the disk before the name
  /// is.
  void publish(BaseDescription description, List<String> files) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", description.id());
    json.put("family", description.family());
    json.put("licence", description.licence());
    json.put("source", description.source());
    ObjectNode checksums = json.putObject("files");
    for (String name : files) {
      checksums.put(name, Sha256.of(folder.resolve(name)));
    }
    write(BaseFolder.DESCRIPTION, json);
    force(folder, StandardOpenOption.READ);
    remove(target);
    Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
    force(parent, StandardOpenOption.READ);
  }

  @Override
  public void close() throws IOException {
    remove(folder);
  }

  private static void force(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
