package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `luthier jobs`: fine-tuning jobs.
@Command(name = "jobs", description = "Lists, shows, pauses and cancels fine-tuning jobs.")
final class JobsCommand {
  private static final String JOBS = "fine_tuning/jobs";
  private static final int JOBS_LISTED = 20;
  private static final int EVENTS_LISTED = 100;

  private final LuthierCommand luthier;

  JobsCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Command(description = "The newest jobs.")
  int list(
      @Option(names = "--json", description = "print the server's JSON") boolean json,
      @Mixin Pages pages) {
    JsonNode page = client().get(JOBS + pages.query(JOBS_LISTED));
    if (json) {
      Output.json(out(), page);
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("JOB", "STATUS", "CREATED", "MODEL", "FINE-TUNED MODEL"));
    for (JsonNode job : page.path("data")) {
      rows.add(
          List.of(
              Output.text(job, "id"),
              Output.text(job, "status"),
              Output.time(job, "created_at"),
              Output.text(job, "model"),
              Output.text(job, "fine_tuned_model")));
    }
    Output.table(out(), rows);
    Pages.sayMore(out(), page);
    return ExitCode.DONE;
  }

  @Command(description = "One job with everything known of it.")
  int show(
      @Parameters(paramLabel = "JOB") String id,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    return print(client().get(JOBS + "/" + ApiClient.part(id)), json);
  }

  @Command(description = "Cancels a job for good.")
  int cancel(
      @Parameters(paramLabel = "JOB") String id,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    return change(id, "cancel", json);
  }

  @Command(description = "Takes a job out of its lane until it is resumed.")
  int pause(
      @Parameters(paramLabel = "JOB") String id,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    return change(id, "pause", json);
  }

  @Command(description = "Lets a paused job go on where it stopped.")
  int resume(
      @Parameters(paramLabel = "JOB") String id,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    return change(id, "resume", json);
  }

  private int change(String id, String how, boolean json) {
    return print(client().post(JOBS + "/" + ApiClient.part(id) + "/" + how, List.of()), json);
  }

  @Command(description = "A job's events, oldest first.")
  int events(
      @Parameters(paramLabel = "JOB") String id,
      @Option(names = "--json", description = "print the server's JSON, newest first") boolean json,
      @Mixin Pages pages) {
    JsonNode page =
        client().get(JOBS + "/" + ApiClient.part(id) + "/events" + pages.query(EVENTS_LISTED));
    if (json) {
      Output.json(out(), page);
      return ExitCode.DONE;
    }
    List<JsonNode> events = new ArrayList<>(page.path("data").valueStream().toList());
    Collections.reverse(events);
    for (JsonNode event : events) {
      out()
          .println(
              Output.time(event, "created_at")
                  + "  "
                  + Output.text(event, "level")
                  + "  "
                  + Output.text(event, "message"));
    }
    Pages.sayMore(out(), page);
    return ExitCode.DONE;
  }

  @Command(description = "The checkpoints of a job that succeeded; each answers in chat.")
  int checkpoints(
      @Parameters(paramLabel = "JOB") String id,
      @Option(names = "--json", description = "print the server's JSON") boolean json) {
    JsonNode page = client().get(JOBS + "/" + ApiClient.part(id) + "/checkpoints");
    if (json) {
      Output.json(out(), page);
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("STEP", "TRAIN LOSS", "VALIDATION LOSS", "MODEL"));
    for (JsonNode checkpoint : page.path("data")) {
      JsonNode metrics = checkpoint.path("metrics");
      rows.add(
          List.of(
              Output.text(checkpoint, "step_number"),
              Output.text(metrics, "train_loss"),
              Output.text(metrics, "full_valid_loss"),
              Output.text(checkpoint, "fine_tuned_model_checkpoint")));
    }
    Output.table(out(), rows);
    return ExitCode.DONE;
  }

  private int print(JsonNode job, boolean json) {
    if (json) {
      Output.json(out(), job);
    } else {
      Output.fields(out(), job);
    }
    return ExitCode.DONE;
  }

  private ApiClient client() {
    return luthier.session().client();
  }

  private PrintStream out() {
    return luthier.surroundings().out();
  }
}
