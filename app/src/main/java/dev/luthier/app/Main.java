package dev.luthier.app;

import dev.luthier.app.cli.LuthierCommand;
import dev.luthier.app.cli.Surroundings;
import dev.luthier.app.serve.LocalServers;

/// The one program: `luthier serve`, `luthier tune`, and the rest of the command line.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(LuthierCommand.run(Surroundings.real(new LocalServers()), arguments));
  }
}
