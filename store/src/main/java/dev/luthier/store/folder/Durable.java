package dev.luthier.store.folder;

import dev.luthier.platform.files.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The one way in which bytes reach a folder: written under another name and hashed on the way,
/// flushed to the disk, renamed, and the folder flushed. Whoever looks sees all or nothing, also
/// after a loss of power.
final class Durable {
  private static final int BUFFER_BYTES = 1 << 16;

  private Durable() {}

  /// Refuses what is not a plain name, so that no name reaches beyond its folder.
  static String plain(String name, String pattern) {
    if (!name.matches(pattern) || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException("'" + name + "' does not match " + pattern);
    }
    return name;
  }

  /// Writes and flushes `half`; nothing of it stays when that fails.
  static BlobStore.Written write(Path half, InputStream content, long mostBytes)
      throws IOException {
    MessageDigest sha256 = sha256();
    long bytes = 0;
    try (FileChannel channel =
        FileChannel.open(
            half,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        bytes += read;
        if (bytes > mostBytes) {
          throw new BlobStore.TooLargeException(mostBytes);
        }
        sha256.update(buffer, 0, read);
        ByteBuffer piece = ByteBuffer.wrap(buffer, 0, read);
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
      }
      channel.force(true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(half);
      throw e;
    }
    return new BlobStore.Written(bytes, HexFormat.of().formatHex(sha256.digest()));
  }

  /// Makes a flushed file or folder visible under its name.
  static void reveal(Path half, Path target) throws IOException {
    Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
    flush(target.resolveSibling("."));
  }

  /// Flushes a folder's list of names.
  static void flush(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static String sha256(Path file) throws IOException {
    MessageDigest sha256 = sha256();
    try (InputStream stream = new DigestInputStream(Files.newInputStream(file), sha256)) {
      stream.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /// Names in a folder, in order; none when there is no such folder.
  static List<String> names(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return List.of();
    }
    names.sort(null);
    return names;
  }

  /// Removes a file or a folder with all in it; fine when there is none.
  static void remove(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (String name : names(path)) {
        remove(path.resolve(name));
      }
    }
    Files.deleteIfExists(path);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
