package dev.luthier.engine.tensor;

/// Random numbers by counter: the n-th number of a stream is a pure function of (seed, stream, n),
/// so a run that goes on from its middle draws what it would have drawn.
///
/// The function is the finaliser of SplitMix64 (Steele, Lea, Flood 2014), once over the key and
/// once over the counter.
public final class CounterRandom {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long key;

  /// The stream's parts are hashed in order; (1, 2) and (2, 1) are different streams.
  public CounterRandom(long seed, long... stream) {
    long mixed = mix(seed + GOLDEN);
    for (long part : stream) {
      mixed = mix(mixed + GOLDEN * (part + 1));
    }
    this.key = mixed;
  }

  /// 64 random bits.
  public long bits(long counter) {
    return mix(key + GOLDEN * counter);
  }

  /// Within 0 (included) and 1 (excluded), 53 bits.
  public double uniform(long counter) {
    return (bits(counter) >>> 11) * 0x1.0p-53;
  }

  /// A whole number from 0 to below `bound`, without bias that could be seen: the high half of a
  /// product.
  public int below(int bound, long counter) {
    return (int) Math.unsignedMultiplyHigh(bits(counter), bound);
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
