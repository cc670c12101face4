package dev.luthier.app.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Whether a person sits at the other end, and how wide the window is.
final class Terminal {
  private static final int USUAL_COLUMNS = 80;

  private Terminal() {}

  // JDK 25's console is null again where standard input or output is no terminal.
  @SuppressWarnings("SystemConsoleNull")
  static boolean present() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /// As `stty` says; 80 where it cannot.
  static int columns() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Path.of("/dev/tty").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      int columns = Integer.parseInt(size.strip().replaceFirst("^\\d+ ", ""));
      return columns > 0 ? columns : USUAL_COLUMNS;
    } catch (IOException | NumberFormatException _) {
      return USUAL_COLUMNS;
    }
  }
}
