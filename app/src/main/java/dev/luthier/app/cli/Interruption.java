package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import dev.luthier.app.client.ApiFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// What Ctrl-C means for a job that is being watched: a person is asked, a pipe is told.
///
/// With a server of its own the command stops that server, and the job goes on at the next start;
/// otherwise the job goes on in the server. Cancelling is offered in both cases.
final class Interruption implements AutoCloseable {
  private final Surroundings surroundings;
  private final ApiClient client;
  private final String job;
  private final boolean ownServer;
  private final Runnable stopServer;
  private final Thread hook = new Thread(this::interrupted, "interrupted");

  private Interruption(
      Surroundings surroundings,
      ApiClient client,
      String job,
      boolean ownServer,
      Runnable stopServer) {
    this.surroundings = surroundings;
    this.client = client;
    this.job = job;
    this.ownServer = ownServer;
    this.stopServer = stopServer;
  }

  static Interruption watch(
      Surroundings surroundings,
      ApiClient client,
      String job,
      boolean ownServer,
      Runnable stopServer) {
    Interruption interruption = new Interruption(surroundings, client, job, ownServer, stopServer);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void interrupted() {
    surroundings.err().println();
    if (surroundings.terminal() && wantsToCancel()) {
      cancel();
    } else if (ownServer) {
      say(
          "Stopping this command's server; the job "
              + job
              + " is kept and goes on at the next"
              + " `luthier serve` or `luthier tune`.");
    } else {
      say(
          "The job "
              + job
              + " goes on in the server. Watch it: luthier jobs events "
              + job
              + "; end it: luthier jobs cancel "
              + job);
    }
    stopServer.run();
  }

  private boolean wantsToCancel() {
    String rest = ownServer ? "keep it for the next start" : "let it go on in the server";
    surroundings.err().print("Cancel the job " + job + " for good? [y/N, Enter = " + rest + "] ");
    surroundings.err().flush();
    try {
      String line =
          new BufferedReader(new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8))
              .readLine();
      return line != null && line.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException _) {
      return false;
    }
  }

  private void cancel() {
    try {
      client.post("fine_tuning/jobs/" + ApiClient.part(job) + "/cancel", List.of());
      say("The job " + job + " is cancelled.");
    } catch (ApiFailure failure) {
      say("The job " + job + " could not be cancelled: " + failure.getMessage());
    }
  }

  private void say(String sentence) {
    surroundings.err().println(sentence);
  }

  /// The job has ended; Ctrl-C means nothing special any more.
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The hook is running; the process ends when it is done.
    }
  }
}
