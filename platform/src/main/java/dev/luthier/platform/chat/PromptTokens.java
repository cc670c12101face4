package dev.luthier.platform.chat;

import dev.luthier.platform.models.BaseModel;

/// Port: how many tokens a prompt is. Safe for many threads.
@FunctionalInterface
public interface PromptTokens {
  /// The same number that the usage of an answer to `prompt` would tell.
  int count(BaseModel base, Prompt.Messages prompt);
}
