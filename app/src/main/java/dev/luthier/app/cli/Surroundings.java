package dev.luthier.app.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/// What a command sees of the outside: variables, streams, whether a person watches, and how a
/// server is started in this process.
///
/// @param terminal whether questions may be asked and progress may be drawn
public record Surroundings(
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Servers servers) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /// This process's.
  public static Surroundings real(Servers servers) {
    return new Surroundings(
        System.getenv(), System.in, System.out, System.err, Terminal.present(), servers);
  }
}
