package dev.luthier.text.rows;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What is remembered of a row, to know it again.
///
/// The sketch is a MinHash with one byte for each of 64 hash functions (Broder 1997; Li and König,
/// "b-Bit Minwise Hashing", 2010): the share of equal bytes estimates how many of two rows' runs of
/// three words are the same, within about 0.05.
///
/// @param exact of messages, tools, answers to choose from and what a grader reads, whatever the
///   order of keys
/// @param systemPrompt 0 for a row without one
/// @param sketch of what is said besides system prompts; empty for a row of a few words
record RowPrint(long exact, long systemPrompt, Optional<long[]> sketch) {
  static final int FUNCTIONS = 64;
  private static final int RUN_WORDS = 3;
  private static final int RUNS_MIN = 10;
  private static final int WORDS_MAX = 4096;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long[] FACTORS = new long[FUNCTIONS];

  static {
    for (int f = 0; f < FUNCTIONS; f++) {
      FACTORS[f] = mixed((f + 1) * GOLDEN) | 1;
    }
  }

  static RowPrint of(Row row) {
    return switch (row) {
      case ChatRow chat -> of(exact(chat), chat.messages(), List.of());
      case PromptRow prompt -> of(hash(prompt.item()), prompt.messages(), List.of());
      case PreferenceRow pair ->
          of(exact(pair), pair.messages(), List.of(pair.preferred(), pair.other()));
    };
  }

  static long exact(ChatRow row) {
    return mixed(hash(row.messages()) + row.tools().map(RowPrint::hash).orElse(0L));
  }

  static long exact(PreferenceRow row) {
    long asked = exact(new ChatRow(row.line(), row.messages(), row.tools()));
    return mixed(mixed(asked + hash(row.preferred())) + hash(row.other()));
  }

  private static RowPrint of(long exact, JsonNode messages, List<JsonNode> answers) {
    long prompt = 0;
    var words = new Words();
    for (JsonNode message : messages) {
      String role = message.path("role").asString("");
      boolean system = role.equals("system") || role.equals("developer");
      if (system && prompt == 0) {
        prompt = hash(message.path("content"));
      } else if (!system) {
        words.addAll(message);
      }
    }
    answers.forEach(words::addAll);
    return new RowPrint(exact, prompt, words.sketch());
  }

  /// Of a value, whatever the order of keys.
  static long hash(JsonNode node) {
    if (node.isString()) {
      return hash(node.stringValue());
    }
    long sum = node.isObject() ? 1 : 2;
    if (node.isObject()) {
      for (var member : node.properties()) {
        sum += mixed(hash(member.getKey()) + GOLDEN * hash(member.getValue()));
      }
      return mixed(sum);
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        sum = mixed(sum + hash(element));
      }
      return sum;
    }
    return hash(node.toString()) + 3;
  }

  private static long hash(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
      hash ^= hash >>> 29;
    }
    return mixed(hash);
  }

  /// Spreads bits (the finalizer of Stafford's mix 13).
  static long mixed(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// Runs of words of a conversation.
  private static final class Words {
    private final long[] words = new long[WORDS_MAX];
    private int count;

    void addAll(JsonNode node) {
      if (node.isString()) {
        add(node.stringValue().toLowerCase(Locale.ROOT));
      } else {
        node.forEach(this::addAll);
      }
    }

    /// Letters and digits make words; signs that write whole syllables or words stand alone.
    private void add(String text) {
      int start = -1;
      for (int i = 0; i <= text.length() && count < WORDS_MAX; i++) {
        char c = i < text.length() ? text.charAt(i) : ' ';
        boolean alone = c >= '\u2E80' || (c >= '\u0E00' && c < '\u0F00');
        if (Character.isLetterOrDigit(c) && !alone) {
          start = start < 0 ? i : start;
          continue;
        }
        if (start >= 0) {
          words[count++] = hash(text.substring(start, i));
          start = -1;
        }
        if (alone && count < WORDS_MAX) {
          words[count++] = mixed(c);
        }
      }
    }

    Optional<long[]> sketch() {
      int runs = count - RUN_WORDS + 1;
      if (runs < RUNS_MIN) {
        return Optional.empty();
      }
      long[] least = new long[FUNCTIONS];
      Arrays.fill(least, Long.MAX_VALUE);
      for (int r = 0; r < runs; r++) {
        long run = mixed(words[r] + GOLDEN * mixed(words[r + 1] + GOLDEN * words[r + 2]));
        for (int f = 0; f < FUNCTIONS; f++) {
          least[f] = Math.min(least[f], run * FACTORS[f]);
        }
      }
      long[] sketch = new long[FUNCTIONS / Long.BYTES];
      for (int f = 0; f < FUNCTIONS; f++) {
        sketch[f / Long.BYTES] |= (mixed(least[f]) & 0xFF) << (Byte.SIZE * (f % Long.BYTES));
      }
      return Optional.of(sketch);
    }
  }
}
