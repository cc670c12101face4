package dev.luthier.worker;

import dev.luthier.engine.tensor.Device;
import dev.luthier.worker.inference.InferenceProcess;

/// The inference process of one base.
public final class InferenceMain {
  private InferenceMain() {}

  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "logback-worker.xml");
    Device.loadAhead();
    WorkerProcess.run((environment, process) -> {
      var inference = new InferenceProcess();
      process.onTerminate(inference::stop);
      return inference.run(environment);
    });
  }
}
