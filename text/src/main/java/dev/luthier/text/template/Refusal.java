package dev.luthier.text.template;

/// A failure while rendering whose line the interpreter adds: operators do not know where they
/// stand in the template.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refusal(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
