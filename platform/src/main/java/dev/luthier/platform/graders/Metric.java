package dev.luthier.platform.graders;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Measures of how alike two texts are, each from 0 (nothing in common) to 1 (the same; `METEOR`
/// stays a little below, and runs longer than a text have nothing in common).
///
/// `COSINE` of embeddings is not among them, as it takes an embedding model, and this server has
/// none.
public enum Metric {
  FUZZY_MATCH,
  BLEU,
  GLEU,
  METEOR,
  ROUGE_1,
  ROUGE_2,
  ROUGE_3,
  ROUGE_4,
  ROUGE_5,
  ROUGE_L;

  /// The longest text that is compared, in characters; what follows is not looked at.
  public static final int CHARACTERS_MAX = 100_000;

  /// As the API writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The API's names of all of these.
  public static List<String> names() {
    return Arrays.stream(values()).map(Metric::text).toList();
  }

  /// How alike an answer is to a reference.
  public double of(String answer, String reference) {
    String said = cut(answer);
    String wanted = cut(reference);
    return switch (this) {
      case FUZZY_MATCH ->
          CommonSubsequence.ratio(said.codePoints().toArray(), wanted.codePoints().toArray());
      case BLEU -> WordOverlap.bleu(Words.withMarks(said), Words.withMarks(wanted));
      case GLEU -> WordOverlap.gleu(Words.withMarks(said), Words.withMarks(wanted));
      case METEOR -> Meteor.score(Words.folded(said), Words.folded(wanted));
      case ROUGE_1 -> rouge(said, wanted, 1);
      case ROUGE_2 -> rouge(said, wanted, 2);
      case ROUGE_3 -> rouge(said, wanted, 3);
      case ROUGE_4 -> rouge(said, wanted, 4);
      case ROUGE_5 -> rouge(said, wanted, 5);
      case ROUGE_L -> WordOverlap.rougeL(Words.folded(said), Words.folded(wanted));
    };
  }

  private static double rouge(String said, String wanted, int words) {
    return WordOverlap.rouge(Words.folded(said), Words.folded(wanted), words);
  }

  private static String cut(String text) {
    return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX);
  }
}
