package dev.luthier.app.client;

import dev.luthier.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// Where the running server of a data folder answers, and a key that is good while it runs.
///
/// It lies in the data folder as `server.json`, readable by its owner only, from the moment the
/// server listens until it stops: the command line on the same machine needs no exported key.
///
/// @param url base address without `/v1`
public record ServerFile(URI url, String key, long pid) {
  private static final String NAME = "server.json";
  private static final String OWNER_ONLY = "rw-------";

  /// Writes it whole, or not at all.
  public void write(Path dataFolder) throws IOException {
    Path temporary = dataFolder.resolve(NAME + ".new");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    Files.write(temporary, Json.bytes(this));
    Files.move(temporary, dataFolder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Empty when there is none, or when its process is gone.
  public static Optional<ServerFile> read(Path dataFolder) {
    try {
      ServerFile file = Json.read(Files.readAllBytes(dataFolder.resolve(NAME)), ServerFile.class);
      return ProcessHandle.of(file.pid()).map(_ -> file);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException | JacksonException _) {
      return Optional.empty(); // Another user's, or damaged: the caller asks the environment.
    }
  }

  public static void delete(Path dataFolder) throws IOException {
    Files.deleteIfExists(dataFolder.resolve(NAME));
  }

  @Override
  public String toString() {
    return "ServerFile[" + url + ", pid " + pid + ", key hidden]";
  }
}
