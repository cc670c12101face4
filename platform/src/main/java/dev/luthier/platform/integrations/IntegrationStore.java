package dev.luthier.platform.integrations;

import java.io.IOException;
import java.util.List;

/// Port: event files, and which jobs still have something to send. Used by one thread.
public interface IntegrationStore {
  /// Jobs that were opened and not closed, also before a restart.
  List<String> openJobs() throws IOException;

  /// Remembers a job until it is closed.
  void open(String jobId) throws IOException;

  void close(String jobId) throws IOException;

  /// Brings a job's file up to `content`, which begins with what the file has.
  void write(String jobId, String name, byte[] content) throws IOException;
}
