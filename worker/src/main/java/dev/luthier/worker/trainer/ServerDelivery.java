package dev.luthier.worker.trainer;

import dev.luthier.engine.weights.Sha256;
import dev.luthier.wire.internal.CheckpointRequest;
import dev.luthier.wire.internal.EventRequest;
import dev.luthier.wire.internal.MetricsRequest;
import dev.luthier.wire.internal.StepMetrics;
import dev.luthier.worker.server.ServerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers parcels by the internal protocol and deletes local files that the server has.
final class ServerDelivery implements Outbox.Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(ServerDelivery.class);

  private final ServerClient server;

  ServerDelivery(ServerClient server) {
    this.server = server;
  }

  @Override
  public void event(EventRequest event) throws InterruptedException {
    server.post("job/events", event);
  }

  @Override
  public void metrics(MetricsRequest steps) throws InterruptedException {
    server.post("job/metrics", steps);
  }

  @Override
  public void checkpoint(StepMetrics metrics, Path folder)
      throws IOException, InterruptedException {
    String path = "job/checkpoints/" + metrics.step();
    var sums = new TreeMap<String, String>();
    for (Path file : files(folder)) {
      String name = file.getFileName().toString();
      server.put(path + "/" + name, file);
      sums.put(name, Sha256.of(file));
    }
    server.post(path, new CheckpointRequest(metrics.epoch(), metrics, sums));
    LOG.info("published the checkpoint of step {}", metrics.step());
    for (Path file : files(folder)) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Override
  public void state(int step, Path file) throws IOException, InterruptedException {
    server.put("job/resume-state?step=" + step, file);
    LOG.info("stored the resume state of step {}, {} bytes", step, Files.size(file));
    Files.delete(file);
  }
}
