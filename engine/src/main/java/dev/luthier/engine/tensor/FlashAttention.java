package dev.luthier.engine.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;

/// LibTorch's flash attention for documents of different lengths laid end to end (Dao 2023), which
/// only a GPU has. Its operators have no functions in the presets; the dispatcher calls them by
/// name, with their arguments in the order of their schemas.
public final class FlashAttention {
  private static final String FORWARD = "aten::_flash_attention_forward";
  private static final String BACKWARD = "aten::_flash_attention_backward";

  private FlashAttention() {}

  /// Where documents lie: `offsets` I32 [D+1] holds the first row of each and the number of rows,
  /// `longest` the rows of the longest.
  public record Documents(Tensor offsets, long longest) {}

  /// What the forward pass gives: rows [N,H,D], the logarithms of its sums and the state of its
  /// random numbers, which the backward pass wants back.
  public record Result(Tensor out, Tensor logSums, Tensor randomState, Tensor unused) {}

  /// The gradients of q [N,H,D], k and v [N,KV,D].
  public record InputGradients(Tensor q, Tensor k, Tensor v) {}

  /// Whether heads of this size can be given to it.
  public static boolean fits(int headDim, Precision precision) {
    return Device.current() == DeviceClass.CUDA
        && precision == Precision.BF16
        && headDim % 8 == 0
        && headDim <= 256;
  }

  /// Causal attention of each document to itself, scaled by 1 / sqrt(D): q [N,H,D], k and v
  /// [N,KV,D], H a multiple of KV.
  public static Result forward(Tensor q, Tensor k, Tensor v, Documents documents) {
    try (var arguments = forwardArguments(q, k, v, documents)) {
      call(FORWARD, arguments);
      return new Result(
          arguments.result(0), arguments.result(1), arguments.result(2), arguments.result(3));
    }
  }

  /// From the gradient of the output, [N,H,D], and what [#forward] took and gave.
  public static InputGradients backward(
      Tensor dOut, Tensor q, Tensor k, Tensor v, Result forward, Documents documents) {
    try (var arguments = backwardArguments(dOut, q, k, v, forward, documents)) {
      call(BACKWARD, arguments);
      return new InputGradients(arguments.result(0), arguments.result(1), arguments.result(2));
    }
  }

  static Arguments forwardArguments(Tensor q, Tensor k, Tensor v, Documents documents) {
    return new Arguments()
        .tensor(q)
        .tensor(k)
        .tensor(v)
        .tensor(documents.offsets) // cum_seq_q
        .tensor(documents.offsets) // cum_seq_k
        .whole(documents.longest) // max_q
        .whole(documents.longest) // max_k
        .real(0) // dropout_p
        .flag(true) // is_causal
        .flag(false) // return_debug_mask
        .none(5); // scale, window_size_left, window_size_right, seqused_k, alibi_slopes
  }

  static Arguments backwardArguments(
      Tensor dOut, Tensor q, Tensor k, Tensor v, Result forward, Documents documents) {
    return new Arguments()
        .tensor(dOut)
        .tensor(q)
        .tensor(k)
        .tensor(v)
        .tensor(forward.out)
        .tensor(forward.logSums)
        .tensor(documents.offsets)
        .tensor(documents.offsets)
        .whole(documents.longest)
        .whole(documents.longest)
        .real(0) // dropout_p
        .flag(true) // is_causal
        .tensor(forward.randomState)
        .tensor(forward.unused)
        .none(3); // scale, window_size_left, window_size_right
  }

  /// Calls an operator; its results replace the arguments on the stack.
  static void call(String name, Arguments arguments) {
    operator(name).callBoxed(arguments.values);
  }

  /// Where an operator's schema has an argument of this name.
  static int placeOf(String operator, String argument) {
    try (var place = operator(operator).schema().argumentIndexWithName(argument)) {
      return place.get();
    }
  }

  private static OperatorHandle operator(String name) {
    Device.prepareThread();
    return Dispatcher.singleton().findSchemaOrThrow(name, "");
  }

  /// The stack of a call: arguments before it, results after.
  static final class Arguments implements AutoCloseable {
    private final List<IValue> made = new ArrayList<>();
    private final IValueVector values = new IValueVector();

    private Arguments add(IValue value) {
      made.add(value);
      values.push_back(value);
      return this;
    }

    Arguments tensor(Tensor tensor) {
      return add(new IValue(tensor.handle()));
    }

    Arguments whole(long value) {
      return add(new IValue(value));
    }

    Arguments real(double value) {
      return add(new IValue(value));
    }

    Arguments flag(boolean value) {
      return add(new IValue(value));
    }

    Arguments none(int count) {
      for (int i = 0; i < count; i++) {
        add(new IValue());
      }
      return this;
    }

    long count() {
      return values.size();
    }

    Tensor result(int index) {
      try (var reference = values.get(index).toTensor()) {
        return Tensor.of(new org.bytedeco.pytorch.Tensor(reference));
      }
    }

    @Override
    public void close() {
      made.forEach(IValue::close);
      values.close();
    }
  }
}
