package dev.luthier.store.folder;

import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.jobs.ResumePoint;
import dev.luthier.platform.trainer.RunStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Resume states as `runs/<job>/resume-<step>-<sha256>`.
public final class FolderRunStore implements RunStore {
  private static final String JOB_ID = "ftjob-[A-Za-z0-9]{16,32}";
  private static final String PREFIX = "resume-";

  private final Path folder;

  /// Makes the folder if it is missing.
  public FolderRunStore(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  @Override
  public BlobStore.Written write(String jobId, int step, InputStream content, long mostBytes)
      throws IOException {
    Path run = Files.createDirectories(run(jobId));
    Durable.flush(folder);
    Path half = Files.createTempFile(run, PREFIX + step + "-", ".half");
    BlobStore.Written written = Durable.write(half, content, mostBytes);
    Durable.reveal(half, file(jobId, new ResumePoint(step, written.sha256())));
    return written;
  }

  @Override
  public InputStream open(String jobId, ResumePoint point) throws IOException {
    return Files.newInputStream(file(jobId, point));
  }

  @Override
  public long bytes(String jobId, ResumePoint point) throws IOException {
    return Files.size(file(jobId, point));
  }

  @Override
  public void keepOnly(String jobId, ResumePoint point) throws IOException {
    Path kept = file(jobId, point);
    for (String name : Durable.names(run(jobId))) {
      // A half one may belong to a writer that is at work; the end of the job removes it.
      if (name.startsWith(PREFIX)
          && !name.endsWith(".half")
          && !name.equals(kept.getFileName().toString())) {
        Durable.remove(run(jobId).resolve(name));
      }
    }
  }

  @Override
  public void delete(String jobId) throws IOException {
    Durable.remove(run(jobId));
  }

  @Override
  public List<String> jobIds() throws IOException {
    return Durable.names(folder).stream().filter(name -> name.matches(JOB_ID)).toList();
  }

  private Path run(String jobId) {
    return folder.resolve(Durable.plain(jobId, JOB_ID));
  }

  private Path file(String jobId, ResumePoint point) {
    return run(jobId).resolve(PREFIX + point.step() + "-" + point.sha256());
  }
}
