package dev.luthier.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// As far as a processor can show it: the operators exist, take their arguments in the order that
/// is written down, and are called.
class FlashAttentionTest {
  private static final List<String> FORWARD =
      List.of(
          "query",
          "key",
          "value",
          "cum_seq_q",
          "cum_seq_k",
          "max_q",
          "max_k",
          "dropout_p",
          "is_causal",
          "return_debug_mask",
          "scale",
          "window_size_left",
          "window_size_right",
          "seqused_k",
          "alibi_slopes");
  private static final List<String> BACKWARD =
      List.of(
          "grad_out",
          "query",
          "key",
          "value",
          "out",
          "logsumexp",
          "cum_seq_q",
          "cum_seq_k",
          "max_q",
          "max_k",
          "dropout_p",
          "is_causal",
          "rng_state",
          "unused",
          "scale",
          "window_size_left",
          "window_size_right");

  @Test
  void theSchemasAreThoseThatTheArgumentsFollow() {
    places("aten::_flash_attention_forward", FORWARD);
    places("aten::_flash_attention_backward", BACKWARD);
    try (var _ = Scope.open()) {
      var any = Tensor.of(new float[] {1}, 1);
      var documents = new FlashAttention.Documents(any, 1);
      var result = new FlashAttention.Result(any, any, any, any);
      assertEquals(
          FORWARD.size(), FlashAttention.forwardArguments(any, any, any, documents).count());
      assertEquals(
          BACKWARD.size(),
          FlashAttention.backwardArguments(any, any, any, any, result, documents).count());
    }
  }

  private static void places(String operator, List<String> names) {
    for (int place = 0; place < names.size(); place++) {
      assertEquals(place, FlashAttention.placeOf(operator, names.get(place)), names.get(place));
    }
  }

  /// The processor's operator takes and gives the same kinds of values.
  @Test
  void argumentsGoInAndResultsComeOut() {
    try (var _ = Scope.open()) {
      var q = rows(1);
      var k = rows(2);
      var v = rows(3);
      try (var arguments = new FlashAttention.Arguments()) {
        arguments.tensor(q).tensor(k).tensor(v).real(0).flag(true).none(2);
        FlashAttention.call("aten::_scaled_dot_product_flash_attention_for_cpu", arguments);
        assertArrayEquals(q.attend(k, v, true).toFloats(), arguments.result(0).toFloats(), 1e-6f);
        assertEquals(2 * 5, arguments.result(1).elements());
      }
    }
  }

  @Test
  void aProcessorHasNone() {
    Assumptions.assumeFalse(Cuda.isOnClassPath());
    assertFalse(FlashAttention.fits(64, Precision.BF16));
    try (var _ = Scope.open()) {
      var q = rows(1).view(2 * 5, 1, 8);
      var documents = new FlashAttention.Documents(Tensor.of(new int[] {0, 10}), 10);
      var refused =
          assertThrows(RuntimeException.class, () -> FlashAttention.forward(q, q, q, documents));
      assertTrue(refused.toString().contains("_flash_attention_forward"), refused.toString());
    }
  }

  /// [1,2,5,8]
  private static Tensor rows(long seed) {
    var random = new CounterRandom(seed);
    var values = new float[2 * 5 * 8];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.uniform(i) - 0.5f;
    }
    return Tensor.of(values, 1, 2, 5, 8);
  }
}
