package dev.luthier.worker;

import dev.luthier.engine.infer.TokenConstraint;
import dev.luthier.text.grammar.TokenGuide;

/// Holds one answer to a form.
public record GuidedTokens(TokenGuide guide) implements TokenConstraint {
  @Override
  public long[] allowed() {
    return guide.allowed();
  }

  @Override
  public void accept(int id) {
    guide.accept(id);
  }
}
