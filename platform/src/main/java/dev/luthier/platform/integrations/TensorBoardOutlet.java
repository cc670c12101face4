package dev.luthier.platform.integrations;

import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.StepMetricsRecord;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/// Keeps a job's event file up to date.
final class TensorBoardOutlet implements Outlet {
  private final Function<String, List<StepMetricsRecord>> metrics;
  private final IntegrationStore store;
  private final Story story;
  private int written;

  TensorBoardOutlet(
      Function<String, List<StepMetricsRecord>> metrics, IntegrationStore store, Story story) {
    this.metrics = metrics;
    this.store = store;
    this.story = story;
  }

  @Override
  public boolean deliver(Job job) {
    if (job.run().lastStep() > written) {
      List<StepMetricsRecord> steps = metrics.apply(job.id());
      try {
        store.write(
            job.id(),
            TensorBoardFile.name(job.createdAt()),
            TensorBoardFile.of(job.createdAt(), steps));
        written = steps.size();
      } catch (IOException e) {
        story.say(
            job,
            EventLevel.WARN,
            "TensorBoard: the event file cannot be written (%s)".formatted(e.getMessage()));
      }
    }
    return job.state().terminal();
  }
}
