package dev.luthier.platform.batches;

/// How many lines a batch has, and how many are answered.
///
/// @param failed those whose answer is an error
public record BatchCounts(int total, int completed, int failed) {
  public static final BatchCounts NONE = new BatchCounts(0, 0, 0);

  BatchCounts ofTotal(int lines) {
    return new BatchCounts(lines, completed, failed);
  }
}
