package dev.luthier.app;

import dev.luthier.app.cli.LuthierCommand;
import dev.luthier.app.cli.Servers;
import dev.luthier.app.cli.Surroundings;

/// The one program: `luthier serve`, `luthier tune`, and the rest of the command line.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Servers servers =
        (config, _) -> {
          throw new Servers.StartException("the server is not wired yet: " + config.data());
        };
    System.exit(LuthierCommand.run(Surroundings.real(servers), arguments));
  }
}
