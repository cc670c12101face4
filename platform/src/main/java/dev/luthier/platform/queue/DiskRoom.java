package dev.luthier.platform.queue;

import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.models.BaseModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Whether the disk can hold what training all weights writes.
final class DiskRoom {
  /// In sizes of the base's weights: a resume state (weights and two moments, in twice the bits) is
  /// six of them, and the trainer and the server each hold an old and a new one for a moment; a
  /// checkpoint is on its way twice, and two are kept.
  private static final int SIZES = 4 * 6 + 4;

  private static final long MEGABYTE = 1_000_000;

  private DiskRoom() {}

  /// Why a job on this base cannot be done here; empty when it can.
  static Optional<JobError> missing(BaseModel base) throws IOException {
    Path weights = base.folder().resolve("model.safetensors");
    long free = Files.getFileStore(base.folder()).getUsableSpace();
    return missing(base.id(), Files.size(weights), free);
  }

  static Optional<JobError> missing(String baseId, long weightsBytes, long freeBytes) {
    long needed = SIZES * weightsBytes;
    return needed <= freeBytes
        ? Optional.empty()
        : Optional.of(
            new JobError(
                "storage_full",
                "Training all weights of %s needs %d MB on the disk of the data folder, which has %d MB left; free some space, or train an adapter (weights: adapter)."
                    .formatted(baseId, needed / MEGABYTE, freeBytes / MEGABYTE),
                Optional.of("weights")));
  }
}
