package dev.luthier.worker.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PromptTest {
  @Test
  void anAnswerWithoutAnAskedLengthEndsWithinItsBoundAndTheContext() {
    assertEquals(1024, Prompt.allowed(Optional.empty(), 8000));
    assertEquals(200, Prompt.allowed(Optional.empty(), 200));
    assertEquals(3000, Prompt.allowed(Optional.of(3000), 8000));
  }
}
