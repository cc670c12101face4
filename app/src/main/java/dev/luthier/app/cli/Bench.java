package dev.luthier.app.cli;

import dev.luthier.app.bases.Bases;
import dev.luthier.app.config.Config;
import dev.luthier.platform.data.DataReport;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.text.rows.Which;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.BenchFailure;
import dev.luthier.wire.bench.BenchQuestion;
import dev.luthier.wire.internal.GradeAnswer;
import dev.luthier.wire.internal.GradeRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.core.JacksonException;

/// One measurement in a process of its own, from the command's side.
///
/// @param json whether one JSON line is all that the command says
record Bench(Surroundings surroundings, Config config, boolean json) {
  String model(Optional<String> asked) {
    String model = asked.orElse(config.base());
    if (model.startsWith("ft:")) {
      throw new CliException(
          ExitCode.USAGE,
          "--model is the fine-tune " + model + "; bench measures bases: name its base.");
    }
    return model;
  }

  /// The folder of a base, which is fetched first if it is not there.
  String folder(String model) throws IOException, InterruptedException {
    return Bases.of(config).ensure(model, new TerminalStages(surroundings.err())).toString();
  }

  /// Makes `--data` a file of rows, which elsewhere is the data folder. To be called when the root
  /// has handed its options down to `line`.
  static void takeData(CommandLine line, Consumer<Path> taker) {
    CommandSpec command = line.getCommandSpec();
    command.remove(command.findOption("--data"));
    command.addOption(
        OptionSpec.builder("--data")
            .paramLabel("FILE")
            .type(Path.class)
            .required(true)
            .order(-2) // Before the others, which have -1.
            .description("chat rows, one JSON object a line")
            .setter(
                new CommandLine.Model.ISetter() {
                  @Override
                  public <T> T set(T value) {
                    taker.accept((Path) value);
                    return value;
                  }
                })
            .build());
  }

  /// Refuses a file with rows that the server would refuse, or with none.
  void check(Path rows) throws IOException {
    DataReport report =
        RowCheck.check(
            rows,
            Which.VALIDATION, // Needs no ten rows.
            TrainingMethod.STANDARD,
            Optional.empty(),
            config);
    if (report.failure().isPresent()) {
      DataCommand.print(surroundings.err(), rows, report);
      throw new CliException(
          ExitCode.FAILED, rows + " cannot be read; mend the lines named above.");
    }
    if (report.examples() == 0) {
      throw new CliException(ExitCode.FAILED, rows + " holds no rows; give a file of chat rows.");
    }
  }

  static void atLeastOne(String option, long value) {
    if (value < 1) {
      throw new CliException(ExitCode.USAGE, option + " is " + value + "; at least 1 is needed.");
    }
  }

  /// Runs the measuring process to its end. What it logs goes to standard error, with `json` only
  /// if it fails.
  ///
  /// @param what the measurement, as the process names it
  /// @return the report's one line of JSON
  String measure(WorkerKind kind, String what, Record request)
      throws IOException, InterruptedException {
    return measure(kind, what, request, Optional.empty());
  }

  /// Judges what the measuring process asks about.
  @FunctionalInterface
  interface Judge {
    GradeAnswer judge(GradeRequest request) throws IOException;
  }

  /// The same with a judge, for a measurement that needs one.
  String measure(WorkerKind kind, String what, Record request, Optional<Judge> judge)
      throws IOException, InterruptedException {
    ProcessBuilder builder = surroundings.servers().bench(config, kind);
    builder.command().addAll(List.of(what, Json.text(request)));
    Path log = Files.createTempFile("luthier-bench-", ".log");
    try {
      builder.redirectError(
          json ? ProcessBuilder.Redirect.to(log.toFile()) : ProcessBuilder.Redirect.INHERIT);
      Answer answer = run(builder, judge);
      Optional<String> failure = failure(answer);
      if (failure.isPresent()) {
        surroundings.err().print(Files.readString(log));
        throw new CliException(ExitCode.FAILED, failure.get());
      }
      return answer.line();
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private record Answer(String line, int exitCode) {}

  private static Answer run(ProcessBuilder builder, Optional<Judge> judge)
      throws IOException, InterruptedException {
    Process process = builder.start();
    Thread end = new Thread(process::destroy, "end-bench");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      String output = judge.isPresent() ? judged(process, judge.get()) : output(process);
      return new Answer(output.strip(), process.waitFor());
    } finally {
      process.destroy();
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  private static String output(Process process) throws IOException {
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /// Answers questions until the process ends.
  private static String judged(Process process, Judge judge) throws IOException {
    var output = new StringBuilder();
    try (var to = process.outputWriter(StandardCharsets.UTF_8);
        var from = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        Optional<BenchQuestion> question = question(line);
        if (question.isPresent()) {
          to.write(Json.text(judge.judge(question.get().grade())));
          to.newLine();
          to.flush();
        } else {
          output.append(line).append('\n');
        }
      }
    }
    return output.toString();
  }

  private static Optional<BenchQuestion> question(String line) {
    try {
      return Optional.of(Json.read(line, BenchQuestion.class));
    } catch (JacksonException _) {
      return Optional.empty(); // A report.
    }
  }

  private static Optional<String> failure(Answer answer) {
    if (answer.exitCode() != 0 || answer.line().isEmpty()) {
      return Optional.of(
          "The measuring process ended with exit code "
              + answer.exitCode()
              + " and measured nothing; what it said is above. Exit code 3 is a full Java heap:"
              + " set LUTHIER_TRAINER_HEAP_MB or LUTHIER_INFERENCE_HEAP_MB higher.");
    }
    try {
      return Optional.of(Json.read(answer.line(), BenchFailure.class).failure());
    } catch (JacksonException _) {
      return Optional.empty(); // A report.
    }
  }
}
