package dev.luthier.platform.chat;

/// A call of a tool that a model wants made.
///
/// @param arguments JSON, as a rule an object
public record ToolCall(String name, String arguments) {}
