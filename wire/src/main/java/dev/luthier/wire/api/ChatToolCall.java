package dev.luthier.wire.api;

/// A call of a tool in a chat completion.
///
/// @param type always `function`
public record ChatToolCall(String id, String type, Function function) {
  public ChatToolCall(String id, Function function) {
    this(id, "function", function);
  }

  /// What is called.
  ///
  /// @param arguments JSON as a string
  public record Function(String name, String arguments) {}
}
