package dev.luthier.app.cli;

import dev.luthier.app.bases.Stages;
import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;

/// Shows the fetching of a base as one bar a stage; a line an update where there is no terminal.
public final class TerminalStages implements Stages {
  private final PrintStream out;
  private Optional<ProgressBar> bar = Optional.empty();

  public TerminalStages(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(String what, long total) {
    end();
    bar =
        Optional.of(
            Bars.builder(out, Terminal.present(), () -> false)
                .setTaskName(what)
                .setInitialMax(total)
                .setUnit(" MB", 1_000_000)
                .build());
  }

  @Override
  public void at(long done) {
    bar.ifPresent(shown -> shown.stepTo(done));
  }

  @Override
  public void end() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
  }

  @Override
  public void say(String sentence) {
    out.println("luthier: " + sentence);
  }
}
