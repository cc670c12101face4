package dev.luthier.app.serve;

import dev.luthier.app.cli.Servers.StartException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// The data folder of one running server: made if missing, and held against a second one.
final class DataFolder implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Takes the folder, or says in one sentence who has it.
  static DataFolder hold(Path path) throws IOException {
    if (!Files.exists(path)) {
      Files.createDirectories(path.getParent());
      // Training data and keys' hashes are nobody else's business.
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    FileChannel channel =
        FileChannel.open(
            path.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(channel)) {
      channel.close();
      throw new StartException(
          "Another server runs on "
              + path
              + "; use it, stop it, or choose another folder by --data.");
    }
    for (String folder : new String[] {"files", "bases", "adapters", "runs", "logs", "tmp"}) {
      Files.createDirectories(path.resolve(folder));
    }
    return new DataFolder(path, channel);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException _) {
      return false; // A server in this very process.
    }
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
