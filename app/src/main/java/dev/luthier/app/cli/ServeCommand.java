package dev.luthier.app.cli;

import dev.luthier.app.config.Config;
import dev.luthier.app.config.Setting;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

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

  /// Adds the command with an option for each setting, but for the data folder, which every command
  /// takes.
  static void addTo(CommandLine parent, LuthierCommand luthier) {
    ServeCommand command = new ServeCommand(luthier);
    CommandLine line = new CommandLine(command);
    EnumSet.complementOf(EnumSet.of(Setting.DATA))
        .forEach(setting -> line.getCommandSpec().addOption(option(setting, command.flags)));
    parent.addSubcommand(line);
  }

  private static OptionSpec option(Setting setting, Map<Setting, String> flags) {
    String unit = setting.key().substring(setting.key().lastIndexOf('_') + 1);
    String usual =
        setting.defaultValue().isEmpty() ? "" : " (default: " + setting.defaultValue() + ")";
    return OptionSpec.builder(setting.flag())
        .paramLabel(unit.toUpperCase(Locale.ROOT))
        .type(String.class)
        .order(-2) // Before those that every command has.
        .description(setting.description() + usual)
        .setter(
            new CommandLine.Model.ISetter() {
              @Override
              public <T> @Nullable T set(T value) {
                if (value != null) {
                  flags.put(setting, value.toString());
                }
                return null;
              }
            })
        .build();
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
    text.append("The dashboard (this link logs in, once): ")
        .append(server.dashboard())
        .append('\n');
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
