package dev.luthier.text;

import dev.luthier.text.rows.ChatRow;
import dev.luthier.text.rows.Conversation;
import dev.luthier.text.rows.PromptRow;
import dev.luthier.text.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A training row token by token, as people are shown what training makes of it.
///
/// @param pieces in order; a character that several tokens share is one piece
/// @param tokens how many tokens the row has, those that are cut off included
/// @param trained how many of them are targets
/// @param cut how many are cut off
/// @param pieceTokens how many tokens the pieces stand for: fewer than `tokens` in a very long row
public record TokenPieces(List<Piece> pieces, int tokens, int trained, int cut, int pieceTokens) {
  /// What happens to a token.
  public enum Fate {
    CONTEXT,
    TRAINED,
    SPECIAL,
    SPECIAL_TRAINED,
    CUT
  }

  /// A token, or a few that share a character.
  public record Piece(String text, Fate fate) {}

  public TokenPieces {
    pieces = List.copyOf(pieces);
  }

  /// The pieces of a row.
  ///
  /// @param tokensMax so many are turned into pieces
  /// @throws MessagesException when the model cannot take the messages
  public static TokenPieces of(ModelText text, Conversation row, int tokensMax) {
    EncodedRow whole =
        switch (row) {
          case ChatRow chat -> text.encodeRow(chat, Integer.MAX_VALUE);
          case PromptRow prompt -> untrained(text.encodePrompt(prompt.messages(), prompt.tools()));
        };
    int kept = Math.min(whole.tokens().length, text.contextLength());
    int shown = Math.min(whole.tokens().length, tokensMax);
    List<Piece> pieces = new ArrayList<>();
    for (int t = 0; t < shown; ) {
      int end = t + 1;
      ByteBuffer bytes = ByteBuffer.wrap(text.tokenizer().bytesOf(whole.tokens()[t]));
      while (!isWhole(bytes) && end < shown && end - t < 4) {
        bytes = joined(bytes, text.tokenizer().bytesOf(whole.tokens()[end++]));
      }
      String characters = StandardCharsets.UTF_8.decode(bytes).toString();
      pieces.add(new Piece(characters, fate(text.tokenizer(), whole, t, kept)));
      t = end;
    }
    int trained = 0;
    for (int t = 0; t < kept; t++) {
      trained += whole.trained()[t] ? 1 : 0;
    }
    return new TokenPieces(
        pieces, whole.tokens().length, trained, whole.tokens().length - kept, shown);
  }

  private static EncodedRow untrained(int[] prompt) {
    return new EncodedRow(prompt, new boolean[prompt.length], 0);
  }

  private static Fate fate(Tokenizer tokenizer, EncodedRow row, int t, int kept) {
    if (t >= kept) {
      return Fate.CUT;
    }
    if (tokenizer.isControl(row.tokens()[t])) {
      return row.trained()[t] ? Fate.SPECIAL_TRAINED : Fate.SPECIAL;
    }
    return row.trained()[t] ? Fate.TRAINED : Fate.CONTEXT;
  }

  private static ByteBuffer joined(ByteBuffer first, byte[] second) {
    ByteBuffer both = ByteBuffer.allocate(first.limit() + second.length);
    both.put(first.rewind()).put(second).flip();
    return both;
  }

  private static boolean isWhole(ByteBuffer bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate());
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
