package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Grammar.State;
import dev.luthier.text.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The tokens of a vocabulary by their bytes, as a tree, so that what begins alike is followed
/// once. Control tokens are no text and not in it.
final class TokenTree {
  private static final int NONE = -1;

  private final int vocabularySize;
  // The nodes, each before those below it.
  private final byte[] values;
  private final short[] depths;
  private final int[] tokens;
  private final int[] ends; // behind the last node below
  private final List<int[]> twins; // tokens that spell the same as another

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Spelled(byte[] bytes, int id) {}

  TokenTree(Tokenizer tokenizer) {
    vocabularySize = tokenizer.vocabularySize();
    List<Spelled> sorted =
        IntStream.range(0, vocabularySize)
            .filter(id -> tokenizer.isToken(id) && !tokenizer.isControl(id))
            .mapToObj(id -> new Spelled(tokenizer.bytesOf(id), id))
            .filter(each -> each.bytes().length > 0 && each.bytes().length <= Short.MAX_VALUE)
            .sorted((a, b) -> Arrays.compareUnsigned(a.bytes(), b.bytes()))
            .toList();
    int most = sorted.stream().mapToInt(each -> each.bytes().length).sum();
    byte[] value = new byte[most];
    short[] depth = new short[most];
    int[] token = new int[most];
    Arrays.fill(token, NONE);
    var same = new ArrayList<int[]>();
    int nodes = 0;
    byte[] before = {};
    for (Spelled each : sorted) {
      int mismatch = Arrays.mismatch(before, each.bytes());
      if (mismatch < 0) {
        same.add(new int[] {token[nodes - 1], each.id()});
        continue;
      }
      for (int i = mismatch; i < each.bytes().length; i++) {
        value[nodes] = each.bytes()[i];
        depth[nodes++] = (short) i;
      }
      token[nodes - 1] = each.id();
      before = each.bytes();
    }
    values = Arrays.copyOf(value, nodes);
    depths = Arrays.copyOf(depth, nodes);
    tokens = Arrays.copyOf(token, nodes);
    ends = ends(depths);
    twins = List.copyOf(same);
  }

  private static int[] ends(short[] depths) {
    int[] ends = new int[depths.length];
    int[] open = new int[Short.MAX_VALUE + 1];
    int levels = 0;
    for (int node = 0; node < depths.length; node++) {
      while (levels > depths[node]) {
        ends[open[--levels]] = node;
      }
      open[levels++] = node;
    }
    while (levels > 0) {
      ends[open[--levels]] = depths.length;
    }
    return ends;
  }

  int vocabularySize() {
    return vocabularySize;
  }

  /// The tokens that may follow a place in a text, as a bit set.
  long[] allowed(Grammar grammar, State state) {
    long[] allowed = new long[(vocabularySize + 63) / 64];
    @Nullable State[] path = new State[64];
    int node = 0;
    while (node < values.length) {
      int depth = depths[node];
      if (depth + 1 >= path.length) {
        path = Arrays.copyOf(path, 2 * path.length);
      }
      State here = depth == 0 ? state : path[depth];
      State next = here == null ? null : grammar.next(here, Byte.toUnsignedInt(values[node]));
      if (next == null) {
        node = ends[node];
        continue;
      }
      path[depth + 1] = next;
      if (tokens[node] != NONE) {
        set(allowed, tokens[node]);
      }
      node++;
    }
    for (int[] pair : twins) {
      if (isSet(allowed, pair[0])) {
        set(allowed, pair[1]);
      }
    }
    return allowed;
  }

  static void set(long[] bits, int id) {
    bits[id >> 6] |= 1L << id;
  }

  static boolean isSet(long[] bits, int id) {
    return id >> 6 < bits.length && ((bits[id >> 6] >>> id) & 1) != 0;
  }
}
