package dev.luthier.app.cli;

import dev.luthier.app.bases.BaseException;
import dev.luthier.app.client.ApiFailure;
import dev.luthier.app.config.ConfigException;
import dev.luthier.app.config.Setting;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The command `luthier` and what all its subcommands share.
@Command(
    name = "luthier",
    description = "Fine-tunes and serves your own language models behind OpenAI's API.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = LuthierCommand.Version.class,
    sortOptions = false,
    footerHeading = "%nExit codes%n",
    footer = {
      "  0    done",
      "  1    refused or failed; one sentence on standard error says why",
      "  2    the command line was wrong",
      "  3    no server answers",
      "  130  stopped by Ctrl-C",
    })
public final class LuthierCommand {
  private static final String HELP = "help";

  private final Surroundings surroundings;

  @Option(
      names = "--data",
      scope = ScopeType.INHERIT,
      paramLabel = "FOLDER",
      description = "data folder (default: ~/.luthier)")
  private @Nullable String data;

  @Option(
      names = "--server",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "talk to this server instead of the one running on the data folder")
  private @Nullable URI server;

  private LuthierCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Runs one command line and returns the exit code.
  public static int run(Surroundings surroundings, String... arguments) {
    LuthierCommand command = new LuthierCommand(surroundings);
    CommandLine line = new CommandLine(command);
    spokenOf(arguments).forEach(subcommand -> subcommand.accept(line, command));
    line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler((failure, _, _) -> explain(failure, surroundings));
    line.setExecutionStrategy(LuthierCommand::execute);
    return line.execute(arguments);
  }

  /// All subcommands by name, in the order in which the help lists them.
  private static Map<String, BiConsumer<CommandLine, LuthierCommand>> subcommands() {
    var all = new LinkedHashMap<String, BiConsumer<CommandLine, LuthierCommand>>();
    all.put("serve", ServeCommand::addTo);
    all.put("tune", adding(TuneCommand::new));
    all.put("chat", adding(ChatCommand::new));
    all.put("jobs", adding(JobsCommand::new));
    all.put("files", adding(FilesCommand::new));
    all.put("models", adding(ModelsCommand::new));
    all.put("alias", adding(AliasCommand::new));
    all.put("webhook", adding(WebhookCommand::new));
    all.put("keys", adding(KeysCommand::new));
    all.put("link", adding(LinkCommand::new));
    all.put("data", adding(DataCommand::new));
    all.put("verify", adding(VerifyCommand::new));
    all.put("rehearse", adding(RehearseCommand::new));
    all.put("bench", BenchCommand::addTo);
    all.put(HELP, adding(_ -> new CommandLine.HelpCommand()));
    return all;
  }

  private static BiConsumer<CommandLine, LuthierCommand> adding(
      Function<LuthierCommand, Object> subcommand) {
    return (line, luthier) -> line.addSubcommand(subcommand.apply(luthier));
  }

  /// Those that a command line names, or all of them where it names none or asks for help: making
  /// all of them takes half a second, which a server does not have for its start.
  private static Collection<BiConsumer<CommandLine, LuthierCommand>> spokenOf(String... arguments) {
    var all = subcommands();
    var words = Set.copyOf(List.of(arguments));
    if (!words.contains(HELP) && !Collections.disjoint(words, all.keySet())) {
      all.keySet().retainAll(words);
    }
    return all.values();
  }

  /// A command that only groups others prints its help: `luthier`, `luthier jobs`.
  private static int execute(CommandLine.ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    CommandLine command = last.commandSpec().commandLine();
    if (command.getCommand() instanceof Runnable
        || command.getCommand() instanceof java.util.concurrent.Callable<?>
        || last.commandSpec().userObject() instanceof java.lang.reflect.Method) {
      return new CommandLine.RunLast().execute(parsed);
    }
    command.usage(command.getOut());
    return ExitCode.USAGE;
  }

  private static int explain(Exception failure, Surroundings surroundings) {
    String message = String.valueOf(failure.getMessage());
    int code =
        switch (failure) {
          case CliException refused -> refused.exitCode();
          case ApiFailure api when api.status() == ApiFailure.UNREACHABLE -> ExitCode.NO_SERVER;
          case ApiFailure _, ConfigException _, BaseException _, Servers.StartException _ ->
              ExitCode.FAILED;
          default -> {
            LoggerFactory.getLogger(LuthierCommand.class).error("a command failed", failure);
            message = "unexpected " + failure.getClass().getSimpleName() + ": " + message;
            yield ExitCode.FAILED;
          }
        };
    surroundings.err().println("luthier: " + message);
    return code;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  Session session() {
    return session(Map.of());
  }

  Session session(Map<Setting, String> more) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    if (data != null) {
      flags.put(Setting.DATA, data);
    }
    flags.putAll(more);
    return new Session(surroundings, flags, Optional.ofNullable(server));
  }

  /// The version that the jar's manifest carries.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      Package ours = LuthierCommand.class.getPackage();
      String version = ours == null ? null : ours.getImplementationVersion();
      return new String[] {
        "luthier " + (version == null ? "(development)" : version), "Java " + Runtime.version(),
      };
    }
  }
}
