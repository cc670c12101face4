package dev.luthier.engine.tensor;

import dev.luthier.engine.weights.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A few numbers, known to the host or still where they were computed.
///
/// Looking at one that is not known waits for the device, so whoever has several asks for them
/// together, by [#read]. Until then the scope that its tensor belongs to must stay open.
public final class Numbers {
  private final double[] known;
  private @Nullable Tensor unread;

  private Numbers(double[] known, @Nullable Tensor unread) {
    this.known = known;
    this.unread = unread;
  }

  public static Numbers known(double... values) {
    return new Numbers(values.clone(), null);
  }

  /// The elements of a tensor [K].
  public static Numbers unread(Tensor values) {
    return new Numbers(new double[Math.toIntExact(values.elements())], values);
  }

  /// The sums, one by one; waits for nothing.
  public Numbers plus(Numbers other) {
    var sums = new double[known.length];
    Arrays.setAll(sums, i -> known[i] + other.known[i]);
    var mine = unread;
    var theirs = other.unread;
    return new Numbers(sums, mine == null ? theirs : theirs == null ? mine : mine.add(theirs));
  }

  /// Makes all of them known, with one wait for the device at most.
  public static void read(List<Numbers> all) {
    var tensors = new ArrayList<Tensor>();
    try (var _ = Scope.open()) {
      for (var numbers : all) {
        if (numbers.unread != null) {
          tensors.add(numbers.unread.to(DType.F64).view(numbers.known.length));
        }
      }
      if (!tensors.isEmpty()) {
        var values = Tensor.cat(0, tensors).toDoubles();
        int at = 0;
        for (var numbers : all) {
          at += numbers.take(values, at);
        }
      }
    }
  }

  private int take(double[] values, int at) {
    if (unread == null) {
      return 0;
    }
    unread = null;
    for (int i = 0; i < known.length; i++) {
      known[i] += values[at + i];
    }
    return known.length;
  }

  public double at(int index) {
    if (unread != null) {
      read(List.of(this));
    }
    return known[index];
  }

  /// Whether they are the same; reads what is not known.
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Numbers numbers)) {
      return false;
    }
    read(List.of(this, numbers));
    return Arrays.equals(known, numbers.known);
  }

  @Override
  public int hashCode() {
    return known.length;
  }

  @Override
  public String toString() {
    return unread == null ? Arrays.toString(known) : "not read yet";
  }
}
