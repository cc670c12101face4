package dev.luthier.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `luthier rehearse`: what the server runs in the background to make the next start quicker.
@Command(name = "rehearse", hidden = true, description = "Loads the classes of a start.")
final class RehearseCommand implements Callable<Integer> {
  private final LuthierCommand luthier;

  RehearseCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  @Override
  public Integer call() throws Exception {
    luthier.surroundings().servers().rehearse(luthier.session().config());
    return ExitCode.DONE;
  }
}
