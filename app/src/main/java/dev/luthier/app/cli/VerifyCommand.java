package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.VerificationReport;
import dev.luthier.wire.bench.VerificationRequest;
import dev.luthier.wire.internal.BaseRef;
import dev.luthier.wire.internal.TrainerJob;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `luthier verify`: trains the first steps of a job again and compares their losses bit by bit.
@Command(
    name = "verify",
    description = {
      "Trains the first steps of a job again, in a process of its own on this machine, and compares"
          + " their losses with the job's, bit by bit. Ends with 0 if they are equal, with 1 if not.",
      "What the job's manifest names and is otherwise here is printed first."
    })
final class VerifyCommand implements Callable<Integer> {
  /// What may differ between two runs whose losses are compared.
  private static final List<String> NOT_COMPARED = List.of("validation_rows", "validation_sha256");

  private final LuthierCommand luthier;

  @Parameters(paramLabel = "JOB")
  private String job = "";

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "first steps to train, 100 at most (default: ${DEFAULT-VALUE})")
  private int steps = 5;

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description = "the training rows, if the server's file is deleted")
  private Optional<Path> rows = Optional.empty();

  VerifyCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Bench.atLeastOne("--steps", steps);
    ApiClient client = luthier.session().client();
    JsonNode manifest = client.get("fine_tuning/jobs/" + ApiClient.part(job) + "/manifest");
    JsonNode facts = manifest.path("facts");
    JsonNode losses = manifest.path("first_losses");
    if (facts.isEmpty() || losses.isEmpty()) {
      throw new CliException(
          ExitCode.FAILED, job + " has no steps with a manifest: there is nothing to compare.");
    }
    Path file = rows.orElse(Path.of(""));
    boolean fetched = rows.isEmpty();
    if (fetched) {
      file = fetched(client);
    }
    try {
      VerificationReport report = trained(client, facts, file, Math.min(steps, losses.size()));
      return compared(facts, losses, report);
    } finally {
      if (fetched) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Path fetched(ApiClient client) throws IOException {
    String id =
        client.get("fine_tuning/jobs/" + ApiClient.part(job)).path("training_file").asString();
    Path file = Files.createTempFile("luthier-verify-", ".jsonl");
    try (var to = Files.newOutputStream(file)) {
      client.copy("files/" + ApiClient.part(id) + "/content", to);
    }
    return file;
  }

  /// The job's grader: what the model answers now is judged anew by the server.
  private JsonNode grader(ApiClient client) {
    return client
        .get("fine_tuning/jobs/" + ApiClient.part(job))
        .path("method")
        .path("reinforcement")
        .path("grader");
  }

  private VerificationReport trained(ApiClient client, JsonNode facts, Path file, int first)
      throws IOException, InterruptedException {
    var bench = new Bench(luthier.surroundings(), luthier.session().config(), true);
    String base = facts.path("base").asString();
    Optional<String> parent =
        facts
            .optional("parent_adapter")
            .map(id -> bench.config().data().resolve("adapters").resolve(id.asString()).toString());
    var method = Json.read(facts.path("method").asString(), TrainerJob.Method.class);
    var again =
        new TrainerJob(
            job,
            1,
            new BaseRef(base, bench.folder(base)),
            parent,
            method,
            numbers(facts),
            Long.parseLong(facts.path("seed").asString()),
            false,
            Optional.empty());
    String line =
        bench.measure(
            WorkerKind.TRAINER,
            "verify",
            new VerificationRequest(again, file.toAbsolutePath().toString(), first),
            method instanceof TrainerJob.Method.Reinforcement
                ? Optional.of(new ServersGrades(client, grader(client)))
                : Optional.empty());
    return Json.read(line, VerificationReport.class);
  }

  /// As they stand in a manifest, where what was not asked for is left out.
  private static TrainerJob.Hyperparameters numbers(JsonNode facts) {
    return new TrainerJob.Hyperparameters(
        number(facts, "epochs"),
        number(facts, "batch_size"),
        decimal(facts.path("learning_rate")),
        facts.optional("warmup_ratio").map(VerifyCommand::decimal),
        facts
            .optional("early_stopping")
            .map(rule -> Json.read(rule.asString(), TrainerJob.EarlyStopping.class)),
        false,
        facts
            .optional("trained")
            .map(what -> Json.read(what.asString(), TrainerJob.Trained.class))
            .orElse(TrainerJob.Trained.Adapter.USUAL));
  }

  private static double decimal(JsonNode number) {
    return Double.parseDouble(number.asString());
  }

  private static int number(JsonNode facts, String name) {
    return Integer.parseInt(facts.path(name).asString());
  }

  private int compared(JsonNode facts, JsonNode losses, VerificationReport report) {
    PrintStream out = luthier.surroundings().out();
    Map<String, String> now = report.manifest();
    for (String name : new TreeSet<>(now.keySet())) {
      String then = facts.path(name).asString("");
      if (!NOT_COMPARED.contains(name) && !then.equals(now.get(name))) {
        out.println("%s was %s, is %s".formatted(name, then, now.get(name)));
      }
    }
    for (int i = 0; i < report.losses().size(); i++) {
      double then = losses.get(i).doubleValue();
      double again = report.losses().get(i);
      if (Double.compare(then, again) != 0) {
        out.println("Differs at step %d: the loss was %s, is %s.".formatted(i + 1, then, again));
        return ExitCode.FAILED;
      }
    }
    out.println(
        "Equal: the losses of the first %d steps, to the bit.".formatted(report.losses().size()));
    return ExitCode.DONE;
  }
}
