package dev.luthier.platform.trainer;

import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.jobs.ResumePoint;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Port: the resume states of unfinished jobs. Safe for many threads.
public interface RunStore {
  /// Writes a resume state beside the earlier ones; durable on return.
  BlobStore.Written write(String jobId, int step, InputStream content, long mostBytes)
      throws IOException;

  /// The caller closes the stream.
  InputStream open(String jobId, ResumePoint point) throws IOException;

  long bytes(String jobId, ResumePoint point) throws IOException;

  /// Removes the job's other resume states.
  void keepOnly(String jobId, ResumePoint point) throws IOException;

  /// Removes all of the job's resume states.
  void delete(String jobId) throws IOException;

  /// Jobs that have some, for the sweep.
  List<String> jobIds() throws IOException;
}
