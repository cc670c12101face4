package dev.luthier.platform.chat;

/// Takes answers of which the calls of tools come apart from the text.
public interface AnswerSink extends GenerationSink {
  /// A whole call of answer `index`. Its reason to end is `TOOL_CALLS` then, unless it was cut.
  void called(int index, ToolCall call);
}
