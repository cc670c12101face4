package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against plain loops in double on the same bf16 numbers. What is left is the rounding of
/// probabilities and results to bf16: outputs are of order 1, so 2^-7 bounds it.
final class AttentionTest {
  private static final double TOLERANCE = 1.0 / 128;
  private static final int MAX_KEYS = 1024;

  @BeforeEach
  void needsMatrixUnits() {
    Processor.hasMatrixUnits();
  }

  @ParameterizedTest
  @CsvSource({
    "1,64", "2,64", "31,64", "63,64", "64,64", "65,64", "127,64", "200,64", "300,64", "577,64",
    "1,32", "65,32", "300,32", "2,128", "64,128", "127,128", "300,128", "70,96", "70,256"
  })
  void givesWhatPlainLoopsGive(int rows, int headDim) {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 3, 1, headDim, rows, 11);
      var attention = new Attention(memory, headDim, MAX_KEYS);
      attention.keys(0, rows, heads.k(0), heads.v(0));
      for (int head = 0; head < 3; head++) {
        attention.forward(0, rows, heads.q(head), heads.out(head), heads.lse(head));
      }
      for (int head = 0; head < 3; head++) {
        heads.compareForward(head, 0, rows, TOLERANCE);
      }
      heads.assertNeighboursUntouched();
    }
  }

  @ParameterizedTest
  @CsvSource({"0,1,64", "5,60,64", "64,64,64", "100,30,64", "250,70,64", "255,1,64", "300,3,128"})
  void givesTheSameInPieces(int start, int rows, int headDim) {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 2, 1, headDim, start + rows, 13);
      var attention = new Attention(memory, headDim, MAX_KEYS);
      if (start > 0) {
        attention.keys(0, start, heads.k(0), heads.v(0));
      }
      attention.keys(start, rows, heads.k(0).from(start, 2), heads.v(0).from(start, 2));
      for (int head = 0; head < 2; head++) {
        attention.forward(
            start,
            rows,
            heads.q(head).from(start, 2),
            heads.out(head).from(start, 2),
            heads.lse(head) + start * 4L);
      }
      heads.assertNeighboursUntouched();
      for (int head = 0; head < 2; head++) {
        heads.compareForward(head, start, start + rows, TOLERANCE);
        var pieces = heads.bits(heads.out(head), start, rows);
        attention.forward(0, start + rows, heads.q(head), heads.out(head), 0);
        assertArrayEquals(heads.bits(heads.out(head), start, rows), pieces);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,3,64",
    "2,3,64",
    "63,3,64",
    "64,3,64",
    "65,3,64",
    "255,3,64",
    "256,2,64",
    "257,3,64",
    "577,1,64",
    "300,16,64",
    "70,3,32",
    "300,7,128",
    "70,2,256"
  })
  void givesATokenWhatPlainLoopsGive(int count, int group, int headDim) {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, group, 1, headDim, count, 14);
      var attention = new Attention(memory, headDim, MAX_KEYS);
      int last = count - 1;
      // The heads of a token lie next to each other: rows that are D apart.
      attention.token(
          count,
          group,
          new Strided(heads.q(0).from(last, 2).address(), headDim),
          heads.k(0),
          heads.v(0),
          new Strided(heads.out(0).from(last, 2).address(), headDim));
      for (int head = 0; head < group; head++) {
        heads.compareOutputs(head, last, count, TOLERANCE);
      }
      heads.assertNeighboursUntouched();
    }
  }

  @Test
  void givesTheSameBitsAgainAndBesideOthers() {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 3, 1, 64, 200, 15);
      var other = new Heads(memory, 3, 1, 64, 333, 16);
      var attention = new Attention(memory, 64, MAX_KEYS);
      short[][] first = new short[3][];
      short[] token = new short[0];
      for (int round = 0; round < 3000; round++) { // Long enough for every compiler to have a go.
        var turn = round % 100 == 99 ? other : heads;
        attention.keys(0, turn.rows, turn.k(0), turn.v(0));
        for (int head = 0; head < 3; head++) {
          attention.forward(0, turn.rows, turn.q(head), turn.out(head), turn.lse(head));
          var bits = turn.bits(turn.out(head), 0, turn.rows);
          if (round == 0) {
            first[head] = bits;
          } else if (turn == heads) {
            assertArrayEquals(first[head], bits);
          }
        }
        attention.token(turn.rows, 3, turn.q(0), turn.k(0), turn.v(0), turn.out(0));
        var bits = turn.bits(turn.out(0), 0, 3);
        token = round == 0 ? bits : token;
        if (turn == heads) {
          assertArrayEquals(token, bits);
        }
      }
    }
  }

  @Test
  void aRowDependsOnTheKeysItSeesOnly() {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 1, 1, 64, 130, 17);
      var attention = new Attention(memory, 64, MAX_KEYS);
      attention.keys(0, 130, heads.k(0), heads.v(0));
      attention.forward(0, 130, heads.q(0), heads.out(0), 0);
      var whole = heads.bits(heads.out(0), 0, 100);
      attention.keys(0, 100, heads.k(0), heads.v(0));
      attention.forward(0, 100, heads.q(0), heads.out(0), 0);
      assertArrayEquals(whole, heads.bits(heads.out(0), 0, 100));
    }
  }

  /// Scores of hundreds, where exp of them is beyond any float.
  @Test
  void standsLargeScores() {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 1, 1, 64, 300, 18);
      heads.scale(heads.q(0), 64);
      var attention = new Attention(memory, 64, MAX_KEYS);
      attention.keys(0, 300, heads.k(0), heads.v(0));
      attention.forward(0, 300, heads.q(0), heads.out(0), heads.lse(0));
      heads.compareForward(0, 0, 300, TOLERANCE);
    }
  }

  @Test
  void refusesKeysThatDoNotFollow() {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 1, 1, 64, 10, 19);
      var attention = new Attention(memory, 64, 8);
      assertThrows(
          IllegalArgumentException.class, () -> attention.keys(0, 10, heads.k(0), heads.v(0)));
      assertThrows(
          IllegalArgumentException.class, () -> attention.keys(1, 1, heads.k(0), heads.v(0)));
      assertThrows(IllegalArgumentException.class, () -> new Attention(memory, 80, 8));
    }
  }
}
