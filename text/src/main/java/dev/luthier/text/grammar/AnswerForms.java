package dev.luthier.text.grammar;

import dev.luthier.text.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Holds answers of one model to forms. Forms that were asked for lately are kept with what was
/// learnt of them. Safe for many threads.
public final class AnswerForms {
  private static final int KEPT_MAX = 16;

  private final Tokenizer tokenizer;
  private final Set<Integer> endTokens;
  private final Map<AnswerForm, Grammar> kept =
      new LinkedHashMap<>(KEPT_MAX, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AnswerForm, Grammar> eldest) {
          return size() > KEPT_MAX;
        }
      };
  private @Nullable TokenTree tokens;

  /// @param endTokens those that end an answer
  public AnswerForms(Tokenizer tokenizer, Set<Integer> endTokens) {
    this.tokenizer = tokenizer;
    this.endTokens = Set.copyOf(endTokens);
  }

  /// Finds out whether answers can be held to a form.
  ///
  /// @throws SchemaException if not, with the reason
  public static void check(AnswerForm form) {
    var _ = Grammar.of(form);
  }

  /// A guide for one answer, which belongs to one thread.
  ///
  /// @throws SchemaException as [#check]
  public synchronized TokenGuide guide(AnswerForm form) {
    if (tokens == null) {
      tokens = new TokenTree(tokenizer);
    }
    return new TokenGuide(kept.computeIfAbsent(form, Grammar::of), tokens, tokenizer, endTokens);
  }
}
