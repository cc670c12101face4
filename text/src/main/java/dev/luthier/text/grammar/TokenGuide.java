package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Grammar.State;
import dev.luthier.text.tokenizer.Tokenizer;
import java.util.Set;

/// Says which tokens may come next in one answer, so that the answer has its form.
///
/// Whatever is chosen of them, the answer can be completed. Guides of one form share what was
/// learnt of it, and take turns.
public final class TokenGuide {
  private final Grammar grammar;
  private final TokenTree tokens;
  private final Tokenizer tokenizer;
  private final Set<Integer> endTokens;
  private State state;

  TokenGuide(Grammar grammar, TokenTree tokens, Tokenizer tokenizer, Set<Integer> endTokens) {
    this.grammar = grammar;
    this.tokens = tokens;
    this.tokenizer = tokenizer;
    this.endTokens = endTokens;
    this.state = grammar.start();
  }

  /// The tokens that may come next, bit `id % 64` of word `id / 64`; to be left as they are. Tokens
  /// that end an answer are among them once its form is complete.
  public long[] allowed() {
    synchronized (grammar) {
      state = grammar.current(state);
      long[] known = state.allowed();
      if (known == null) {
        known = tokens.allowed(grammar, state);
        if (state.isComplete()) {
          for (int end : endTokens) {
            TokenTree.set(known, end);
          }
        }
        state.allowed(known);
      }
      return known;
    }
  }

  /// Takes the token that was chosen; one that ends the answer changes nothing.
  ///
  /// @throws IllegalArgumentException if it was not allowed
  public void accept(int id) {
    if (endTokens.contains(id) && state.isComplete()) {
      return;
    }
    synchronized (grammar) {
      State reached = state;
      for (byte value : tokenizer.bytesOf(id)) {
        State next = grammar.next(reached, Byte.toUnsignedInt(value));
        if (next == null) {
          throw new IllegalArgumentException("token " + id + " does not fit the answer's form");
        }
        reached = next;
      }
      state = reached;
    }
  }
}
