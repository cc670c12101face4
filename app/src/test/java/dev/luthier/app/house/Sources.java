package dev.luthier.app.house;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The repository's text files, as they lie in the working tree.
final class Sources {
  /// A file with its path below the root, written with `/`.
  record Source(String path, String text) {
    List<String> lines() {
      return text.lines().toList();
    }
  }

  private static final Set<String> SKIPPED = Set.of(".git", "target", "node_modules", ".idea");
  private static final Set<String> TEXT =
      Set.of(
          "java", "xml", "md", "sh", "py", "jsonl", "json", "toml", "yml", "config", "ts", "css",
          "html");

  private Sources() {}

  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("bin/find-jdk"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("the tests run outside of the repository");
      }
    }
    return folder;
  }

  static List<Source> all() throws IOException {
    List<Source> sources = new ArrayList<>();
    collect(root(), root(), sources);
    return sources;
  }

  private static void collect(Path folder, Path root, List<Source> into) throws IOException {
    List<Path> children;
    try (Stream<Path> listed = Files.list(folder)) {
      children = listed.sorted().toList();
    }
    for (Path child : children) {
      String name = child.getFileName().toString();
      if (Files.isDirectory(child)) {
        if (!SKIPPED.contains(name)) {
          collect(child, root, into);
        }
      } else if (isText(name)) {
        add(child, root, into);
      }
    }
  }

  private static boolean isText(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 || TEXT.contains(name.substring(dot + 1));
  }

  private static void add(Path file, Path root, List<Source> into) throws IOException {
    try {
      String path = root.relativize(file).toString().replace('\\', '/');
      into.add(new Source(path, Files.readString(file)));
    } catch (MalformedInputException _) {
      // A fixture that is not UTF-8 on purpose.
    }
  }
}
