package dev.luthier.worker.trainer;

import dev.luthier.wire.internal.EventRequest;
import dev.luthier.wire.internal.StepMetrics;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// Something that the server is to be told, in the order in which it happened.
sealed interface Parcel {
  /// A line for the job's story.
  record Event(EventRequest event) implements Parcel {}

  /// The figures of one step.
  record Metrics(StepMetrics step) implements Parcel {}

  /// An epoch's adapter; the folder is deleted once the server has it.
  record Checkpoint(StepMetrics metrics, Path folder) implements Parcel {}

  /// A resume state; the file is deleted once the server has it.
  record State(int step, Path file) implements Parcel {}

  /// Nothing to tell: opens when all before it was accepted.
  record Mark(CountDownLatch reached) implements Parcel {}
}
