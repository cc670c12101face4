package dev.luthier.app.cli;

import java.io.PrintStream;
import java.util.function.BooleanSupplier;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/// Progress bars: drawn in place for a person, a line every few seconds into a pipe.
final class Bars {
  private static final int TERMINAL_MILLIS = 200;
  private static final int PIPE_MILLIS = 5000;
  private static final int PIPE_COLUMNS = 100;

  private Bars() {}

  /// @param silent when nothing may be drawn in place
  static ProgressBarBuilder builder(PrintStream out, boolean terminal, BooleanSupplier silent) {
    ProgressBarBuilder builder = new ProgressBarBuilder().setStyle(ProgressBarStyle.ASCII);
    return terminal
        ? builder
            .setUpdateIntervalMillis(TERMINAL_MILLIS)
            .setConsumer(new OneLine(out, Terminal.columns() - 1, silent))
        : builder
            .setUpdateIntervalMillis(PIPE_MILLIS)
            .setConsumer(new DelegatingProgressBarConsumer(out::println, PIPE_COLUMNS));
  }

  /// One line, written over and over. The library's own consumer asks JLine for the terminal, which
  /// sets SIGINT to the system's default: Ctrl-C would then end the process without its hooks.
  private record OneLine(PrintStream out, int columns, BooleanSupplier silent)
      implements ProgressBarConsumer {
    private static final String TO_START = "\r";
    private static final String CLEAR_REST = "\u001b[K";

    @Override
    public int getMaxRenderedLength() {
      return columns;
    }

    @Override
    public void accept(String line) {
      if (!silent.getAsBoolean()) {
        out.print(TO_START + line + CLEAR_REST);
        out.flush();
      }
    }

    @Override
    public void close() {
      out.println();
    }
  }
}
