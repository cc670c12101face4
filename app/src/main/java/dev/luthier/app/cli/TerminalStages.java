package dev.luthier.app.cli;

import dev.luthier.app.bases.Stages;
import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Shows the fetching of a base as one bar a stage; a line an update where there is no terminal.
public final class TerminalStages implements Stages {
  private static final int TERMINAL_MILLIS = 200;
  private static final int PIPE_MILLIS = 5000;

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
            new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .setUnit(" MB", 1_000_000)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(Terminal.present() ? TERMINAL_MILLIS : PIPE_MILLIS)
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
