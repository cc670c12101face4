package dev.luthier.app.cli;

import dev.luthier.app.client.ApiClient;
import dev.luthier.app.client.ApiFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// What Ctrl-C means for a command that watches a job: a person is asked, a pipe is told.
///
/// With a server of its own the command stops that server, and the job goes on at the next start;
/// otherwise the job goes on in the server. Cancelling is offered in both cases.
final class Interruption implements AutoCloseable {
  private final Surroundings surroundings;
  private final Optional<Servers.Running> ownServer;
  private final Thread hook = new Thread(this::interrupted, "interrupted");
  private volatile boolean come;
  private volatile Optional<Watched> watched = Optional.empty();

  private record Watched(ApiClient client, String job) {}

  private Interruption(Surroundings surroundings, Optional<Servers.Running> ownServer) {
    this.surroundings = surroundings;
    this.ownServer = ownServer;
  }

  /// From here on Ctrl-C stops the command's own server, if it has one, before the process ends.
  static Interruption heed(Surroundings surroundings, Optional<Servers.Running> ownServer) {
    Interruption interruption = new Interruption(surroundings, ownServer);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /// There is a job now that Ctrl-C has to say something about.
  void watch(ApiClient client, String job) {
    watched = Optional.of(new Watched(client, job));
  }

  /// Whether Ctrl-C was pressed; what is written now would disturb the question.
  boolean hasCome() {
    return come;
  }

  private void interrupted() {
    come = true;
    surroundings.err().println();
    watched.ifPresent(this::settle);
    ownServer.ifPresent(Servers.Running::close);
  }

  private void settle(Watched job) {
    if (surroundings.terminal() && wantsToCancel(job.job())) {
      cancel(job);
    } else if (ownServer.isPresent()) {
      say(
          "Stopping this command's server; the job "
              + job.job()
              + " is kept and goes on at the next"
              + " `luthier serve` or `luthier tune`.");
    } else {
      say(
          "The job "
              + job.job()
              + " goes on in the server. Watch it: luthier jobs events "
              + job.job()
              + "; end it: luthier jobs cancel "
              + job.job());
    }
  }

  private boolean wantsToCancel(String job) {
    String rest =
        ownServer.isPresent() ? "keep it for the next start" : "let it go on in the server";
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

  private void cancel(Watched job) {
    try {
      job.client().post("fine_tuning/jobs/" + ApiClient.part(job.job()) + "/cancel", List.of());
      say("The job " + job.job() + " is cancelled.");
    } catch (ApiFailure failure) {
      say("The job " + job.job() + " could not be cancelled: " + failure.getMessage());
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
      endWithHook();
    }
  }

  /// The hook has the last word, and the process ends with it; what the command meets meanwhile
  /// (its server is gone, say) is no news.
  private static void endWithHook() {
    while (true) {
      LockSupport.park();
    }
  }
}
