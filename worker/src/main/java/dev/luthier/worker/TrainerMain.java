package dev.luthier.worker;

import dev.luthier.engine.tensor.Device;
import dev.luthier.worker.trainer.TrainerProcess;

/// The trainer process: one job, then it exits.
public final class TrainerMain {
  private TrainerMain() {}

  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "logback-worker.xml");
    Device.loadAhead();
    WorkerProcess.run((environment, process) -> {
      var trainer = new TrainerProcess();
      process.onTerminate(trainer::stop);
      return trainer.run(environment);
    });
  }
}
