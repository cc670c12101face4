package dev.luthier.app.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Progress bars: drawn in place for a person, a line every few seconds into a pipe.
final class Bars {
  private static final int TERMINAL_MILLIS = 200;
  private static final int PIPE_MILLIS = 5000;
  private static final int PIPE_COLUMNS = 100;

  private Bars() {}

  static ProgressBarBuilder builder(PrintStream out, boolean terminal) {
    ProgressBarBuilder builder = new ProgressBarBuilder().setStyle(ProgressBarStyle.ASCII);
    return terminal
        ? builder.setUpdateIntervalMillis(TERMINAL_MILLIS)
        : builder
            .setUpdateIntervalMillis(PIPE_MILLIS)
            .setConsumer(new DelegatingProgressBarConsumer(out::println, PIPE_COLUMNS));
  }
}
