package dev.luthier.text.tokenizer;

import java.util.Arrays;

/// Streams for tokenizers whose decoder does more than join bytes, such as dropping the first blank
/// of a text: decodes the newest tokens together with those just before them, and returns what came
/// on top. Tokens wait while the text ends in U+FFFD, four at most, since a model may really write
/// that character.
final class WindowStreamDecoder implements StreamDecoder {
  private static final int WAITING_MAX = 4;

  private final Tokenizer tokenizer;
  private int[] window = {};
  private int settled;

  WindowStreamDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public String next(int id) {
    if (tokenizer.isControl(id)) {
      return "";
    }
    window = Arrays.copyOf(window, window.length + 1);
    window[window.length - 1] = id;
    String text = tokenizer.decode(window);
    if (text.endsWith("\uFFFD") && window.length - settled < WAITING_MAX) {
      return "";
    }
    return settle(text);
  }

  @Override
  public String end() {
    String rest = settle(tokenizer.decode(window));
    window = new int[0];
    settled = 0;
    return rest;
  }

  private String settle(String text) {
    String before = tokenizer.decode(Arrays.copyOf(window, settled));
    window = Arrays.copyOfRange(window, settled, window.length);
    settled = window.length;
    return text.substring(Math.min(before.length(), text.length()));
  }
}
