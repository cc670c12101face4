package dev.luthier.app;

/// The one program: `luthier serve`, `luthier tune`, and the rest of the command line.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.out.println("luthier");
  }
}
