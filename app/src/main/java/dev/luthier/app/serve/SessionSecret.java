package dev.luthier.app.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/// What the dashboard's cookies are sealed with: made at the first start, kept in the data folder,
/// readable by its owner only. Without the file, every session ends.
final class SessionSecret {
  private static final int LENGTH = 32;

  private SessionSecret() {}

  /// Reads it, or makes it.
  static byte[] in(Path file, SecureRandom random) throws IOException {
    if (Files.exists(file) && Files.size(file) == LENGTH) {
      return Files.readAllBytes(file);
    }
    var bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    Path half = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(half);
    Files.createFile(
        half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(half, bytes);
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    return bytes;
  }
}
