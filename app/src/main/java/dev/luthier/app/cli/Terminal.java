package dev.luthier.app.cli;

import java.io.Console;

/// Whether a person sits at the other end.
final class Terminal {
  private Terminal() {}

  // JDK 25's console is null again where standard input or output is no terminal.
  @SuppressWarnings("SystemConsoleNull")
  static boolean present() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
