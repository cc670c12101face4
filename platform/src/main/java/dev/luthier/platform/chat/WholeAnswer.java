package dev.luthier.platform.chat;

import java.util.List;

/// An answer that was waited for.
public record WholeAnswer(String text, List<ToolCall> calls, FinishReason reason, Usage usage) {
  public WholeAnswer {
    calls = List.copyOf(calls);
  }
}
