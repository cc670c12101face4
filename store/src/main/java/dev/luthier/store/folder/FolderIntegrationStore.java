package dev.luthier.store.folder;

import dev.luthier.platform.integrations.IntegrationStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Open jobs as empty files of one folder, event files as `<job>/<name>` of another. Neither is
/// flushed: what a loss of power takes is written again from the rows.
public final class FolderIntegrationStore implements IntegrationStore {
  private static final String JOB_ID = "ftjob-[A-Za-z0-9]{16,32}";
  private static final String NAME = "[A-Za-z0-9._-]{1,100}";

  private final Path open;
  private final Path files;

  /// Makes the folder of open jobs if it is missing; that of files is made with the first file.
  public FolderIntegrationStore(Path open, Path files) throws IOException {
    this.open = Files.createDirectories(open);
    this.files = files;
  }

  @Override
  public List<String> openJobs() throws IOException {
    return Durable.names(open).stream().filter(name -> name.matches(JOB_ID)).toList();
  }

  @Override
  public void open(String jobId) throws IOException {
    Path mark = open.resolve(Durable.plain(jobId, JOB_ID));
    if (!Files.exists(mark)) {
      Files.createFile(mark);
    }
  }

  @Override
  public void close(String jobId) throws IOException {
    Files.deleteIfExists(open.resolve(Durable.plain(jobId, JOB_ID)));
  }

  @Override
  public void write(String jobId, String name, byte[] content) throws IOException {
    Path folder = Files.createDirectories(files.resolve(Durable.plain(jobId, JOB_ID)));
    Path file = folder.resolve(Durable.plain(name, NAME));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      int from = Math.toIntExact(Math.min(channel.size(), content.length));
      ByteBuffer rest = ByteBuffer.wrap(content, from, content.length - from);
      channel.position(from);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
  }
}
