package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import dev.luthier.app.config.Config;
import dev.luthier.platform.data.DataReport;
import dev.luthier.platform.estimate.Estimate;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `luthier tune`: from a file of rows to a model that answers, in one command.
@Command(
    name = "tune",
    description = {
      "Trains a model on a file of rows and shows the loss while it does.",
      "Checks the file first; starts a server of its own when none runs.",
    })
final class TuneCommand implements Callable<Integer> {
  private static final String JOBS = "fine_tuning/jobs";

  private final LuthierCommand luthier;

  @Parameters(paramLabel = "FILE", description = "rows, one JSON object a line")
  private Path file = Path.of("");

  @Option(names = "--validation", paramLabel = "FILE", description = "rows to measure on only")
  private Optional<Path> validation = Optional.empty();

  @Option(names = "--model", paramLabel = "M", description = "base or fine-tune to start from")
  private Optional<String> model = Optional.empty();

  @Option(names = "--suffix", paramLabel = "S", description = "becomes part of the model's name")
  private Optional<String> suffix = Optional.empty();

  @Mixin private TrainingOptions training = new TrainingOptions();

  @Option(names = "--seed", paramLabel = "N", description = "same seed, same model")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--ask",
      paramLabel = "TEXT",
      description = "at the end, answered by the base and by the fine-tune, side by side")
  private Optional<String> ask = Optional.empty();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "system prompt of --ask (default: the rows' own, where all share one)")
  private Optional<String> system = Optional.empty();

  @Option(
      names = "--dry-run",
      description = {
        "checks the files and says what a job would take; trains nothing",
        "(the first time, this machine is measured for some seconds)",
      })
  private boolean dryRun;

  @Option(names = "--json", description = "at the end, print the job as JSON on standard output")
  private boolean json;

  private Optional<Estimate> estimated = Optional.empty();

  TuneCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Override
  public Integer call() throws Exception {
    training.refuseOdd();
    if (training.isReinforcement() && validation.isEmpty()) {
      throw new CliException(
          ExitCode.USAGE,
          "--method reinforcement needs --validation: it is measured on prompts that it does not"
              + " train on.");
    }
    Session session = luthier.session();
    Config config = session.config();
    DataReport rows = checked(file, Which.TRAINING, Optional.empty(), config);
    Optional<DataReport> held =
        validation.isEmpty()
            ? Optional.empty()
            : Optional.of(checked(validation.get(), Which.VALIDATION, Optional.of(file), config));
    var forecast = new Forecast(luthier.surroundings(), config);
    if (dryRun) {
      forecast.print(rows, held, training.method(), json);
      return ExitCode.DONE;
    }
    estimated = forecast.known(rows, held, training.method());
    Optional<ApiClient> running = session.running(config);
    if (running.isPresent()) {
      return tune(running.get(), config, rows, Optional.empty());
    }
    say("No server runs; starting one for this command.");
    try (Servers.Running own =
        luthier
            .surroundings()
            .servers()
            .start(config, new TerminalStages(luthier.surroundings().err()))) {
      return tune(new ApiClient(own.url(), own.localKey()), config, rows, Optional.of(own));
    }
  }

  /// The command ends here, before anything is sent, when the file cannot be trained on.
  private DataReport checked(Path rows, Which which, Optional<Path> beside, Config config)
      throws IOException {
    DataReport report = RowCheck.check(rows, which, training.method(), beside, config);
    if (!report.findings().isEmpty()) {
      DataCommand.print(luthier.surroundings().err(), rows, report);
    }
    if (report.failure().isPresent()) {
      throw new CliException(
          ExitCode.FAILED, rows + " cannot be used for " + which.word() + "; nothing was sent.");
    }
    return report;
  }

  private int tune(ApiClient client, Config config, DataReport rows, Optional<Servers.Running> own)
      throws IOException, InterruptedException {
    try (Interruption interruption = Interruption.heed(luthier.surroundings(), own)) {
      JsonNode created = client.post(JOBS, request(client, config));
      String id = created.path("id").asString();
      interruption.watch(client, id);
      String base = created.path("model").asString();
      say("Job %s for %s (%d examples)".formatted(id, base, rows.examples()));
      var watch =
          new JobWatch(client, id, rows.tokens(), luthier.surroundings(), interruption::hasCome);
      JsonNode job = watch.untilDone();
      if (job.path("status").asString().equals("succeeded") && ask.isPresent()) {
        compare(client, job);
      }
      int code = report(job);
      compareWithEstimate(watch, job);
      return code;
    }
  }

  private void compareWithEstimate(JobWatch watch, JsonNode job) {
    if (estimated.isPresent() && watch.startedAt().isPresent()) {
      long took = job.path("finished_at").asLong() - watch.startedAt().getAsLong();
      String expected = Forecast.duration(estimated.get().seconds());
      say("Estimated " + expected + ", took " + Forecast.duration((double) took) + ".");
    }
  }

  private Map<String, Object> request(ApiClient client, Config config) throws IOException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("model", model.orElse(config.base()));
    request.put("training_file", client.upload(file, "fine-tune").path("id").asString());
    validation.ifPresent(rows ->
        request.put("validation_file", client.upload(rows, "fine-tune").path("id").asString()));
    suffix.ifPresent(text -> request.put("suffix", text));
    seed.ifPresent(number -> request.put("seed", number));
    request.put("method", training.methodJson());
    return request;
  }

  private void compare(ApiClient client, JsonNode job) throws IOException, InterruptedException {
    Comparison comparison =
        new Comparison(client, system.or(this::sharedSystemPrompt), ask.orElseThrow());
    PrintStream out = json ? luthier.surroundings().err() : luthier.surroundings().out();
    comparison.print(out, job.path("model").asString(), job.path("fine_tuned_model").asString());
  }

  private Optional<String> sharedSystemPrompt() {
    return SystemPrompt.sharedByAll(file, training.kind());
  }

  private int report(JsonNode job) {
    if (json) {
      Output.json(luthier.surroundings().out(), job);
    }
    String status = job.path("status").asString();
    if (!status.equals("succeeded")) {
      String reason = job.at("/error/message").asString("");
      throw new CliException(
          ExitCode.FAILED,
          "The job "
              + job.path("id").asString()
              + " "
              + status
              + (reason.isEmpty() ? "." : ": " + reason));
    }
    String name = job.path("fine_tuned_model").asString();
    say(
        "Trained "
            + job.path("trained_tokens").asString()
            + " tokens. The model is "
            + name
            + "\nTalk to it: luthier chat "
            + name);
    return ExitCode.DONE;
  }

  private void say(String sentence) {
    luthier.surroundings().err().println(sentence);
  }
}
