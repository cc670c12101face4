package dev.luthier.app.serve;

import dev.luthier.app.bases.Stages;
import dev.luthier.app.cli.Servers;
import dev.luthier.app.config.Config;
import dev.luthier.platform.launch.WorkerKind;
import java.io.IOException;

/// Servers of this process.
public final class LocalServers implements Servers {
  @Override
  public Running start(Config config, Stages stages) throws IOException, InterruptedException {
    return new Wiring(config).start(stages);
  }

  @Override
  public void rehearse(Config config) throws IOException {
    new Wiring(config).rehearse();
  }

  @Override
  public ProcessBuilder bench(Config config, WorkerKind kind) {
    WorkerDevice device = Distribution.device(config);
    ProcessBuilder bench = Distribution.benches(config, device).process(kind);
    bench.environment().put("LUTHIER_DEVICE", device.device().text());
    bench.environment().put("LUTHIER_LAUNCH", "bench"); // By which it logs as workers do.
    return bench;
  }
}
