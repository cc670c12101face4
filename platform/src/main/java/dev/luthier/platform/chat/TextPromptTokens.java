package dev.luthier.platform.chat;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.text.MessagesException;
import dev.luthier.text.ModelText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Counts with the base's own template and tokenizer, which are read for each count.
public final class TextPromptTokens implements PromptTokens {
  private static final int AT_ONCE_MAX = 4;

  private final Semaphore turns = new Semaphore(AT_ONCE_MAX);

  @Override
  public int count(BaseModel base, Prompt.Messages prompt) {
    if (!turns.tryAcquire()) {
      throw new ApiException(
          ErrorCode.UNAVAILABLE,
          AT_ONCE_MAX + " prompts are being counted already. Try again in a moment.",
          Optional.empty());
    }
    try (ModelText text = ModelText.open(base.folder())) {
      return text.encodePrompt(prompt.messages(), prompt.tools()).length;
    } catch (MessagesException refused) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          String.valueOf(refused.getMessage()),
          Optional.of(refused.index() < 0 ? "input" : "input[%d]".formatted(refused.index())));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokenizer of " + base.id(), e);
    } finally {
      turns.release();
    }
  }
}
