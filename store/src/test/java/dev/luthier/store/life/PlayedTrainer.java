package dev.luthier.store.life;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.platform.keys.SecretHash;
import dev.luthier.platform.launch.LaunchId;
import dev.luthier.platform.models.AdapterStore;
import dev.luthier.platform.trainer.FinishReport;
import dev.luthier.platform.trainer.PublishedCheckpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.stream.IntStream;

/// Says what a trainer would say. The loss of step n is 4 - n/50, whoever computes it.
final class PlayedTrainer {
  final LaunchId launch;
  final String token;
  private final House house;

  PlayedTrainer(House house, LaunchId launch, String token) {
    this.house = house;
    this.launch = launch;
    this.token = token;
  }

  static StepMetricsRecord figures(int step, int total) {
    return StepMetricsRecord.training(step, total, 4 - step / 50.0, 0.5 + step / 1000.0);
  }

  /// One report of several steps.
  void steps(int from, int to, int total) {
    house.desk.metrics(
        token, IntStream.rangeClosed(from, to).mapToObj(step -> figures(step, total)).toList());
  }

  void resumeState(int step) throws IOException {
    house.desk.putResumeState(token, step, bytes("state after " + step));
  }

  void checkpoint(int step, int epoch, int total) throws IOException {
    checkpoint(step, epoch, figures(step, total));
  }

  void checkpoint(int step, int epoch, StepMetricsRecord figures) throws IOException {
    Map<String, String> contents =
        Map.of(
            AdapterStore.WEIGHTS,
            "weights after " + step,
            AdapterStore.MODEL_WEIGHTS,
            "weights after " + step,
            AdapterStore.CONFIGURATION,
            "settings");
    for (Map.Entry<String, String> file : contents.entrySet()) {
      house.desk.stageCheckpointFile(token, step, file.getKey(), bytes(file.getValue()));
    }
    Map<String, String> sums =
        Map.of(
            AdapterStore.WEIGHTS,
            SecretHash.of("weights after " + step),
            AdapterStore.MODEL_WEIGHTS,
            SecretHash.of("weights after " + step),
            AdapterStore.CONFIGURATION,
            SecretHash.of("settings"));
    house.desk.publishCheckpoint(token, new PublishedCheckpoint(step, epoch, figures, sums));
  }

  /// Ten epochs of ten steps from the step after `done` on, then the last word.
  void trainToTheEnd(int done) throws IOException {
    int next = done + 1;
    for (int epoch = done / 10 + 1; epoch <= 10; epoch++) {
      steps(next, 10 * epoch, 100);
      checkpoint(10 * epoch, epoch, 100);
      next = 10 * epoch + 1;
    }
    house.desk.finish(token, new FinishReport.Succeeded(12_340, 100));
  }

  static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
