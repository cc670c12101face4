package dev.luthier.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProcessorClassTest {
  @Test
  void onlyUnitsThatRoundCountInOneOrder() {
    assertEquals("amx_bf16 avx2", ProcessorClass.of("flags\t\t: fpu avx2 sse4_2 amx_bf16 ht"));
    assertEquals("unknown", ProcessorClass.of(""));
  }
}
