package dev.luthier.engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufTest {
  @ParameterizedTest
  @EnumSource(GgufType.class)
  void dequantisesToTheReferencesBits(GgufType type) throws Exception {
    String name = type.name().toLowerCase(java.util.Locale.ROOT);
    try (Gguf file = Gguf.map(Fixtures.file("quants.gguf"));
        Safetensors expected = Safetensors.map(Fixtures.file("quants-expected.safetensors"));
        Arena arena = Arena.ofConfined()) {
      GgufTensor tensor = file.tensor(name);
      assertEquals(type, tensor.type());
      assertArrayEquals(expected.tensor(name).shape(), tensor.shape());
      assertSameBytes(expected.tensor(name).data(), tensor.toF32(arena));
      assertSameBytes(expected.tensor(name + ".bf16").data(), tensor.toBf16(arena));
    }
  }

  private static void assertSameBytes(MemorySegment expected, MemorySegment found) {
    assertEquals(expected.byteSize(), found.byteSize());
    assertEquals(-1, expected.mismatch(found), "first byte that differs");
  }

  @Test
  void readsMetadataOfEveryType() throws Exception {
    try (Gguf file = Gguf.map(Fixtures.file("quants.gguf"))) {
      GgufMetadata metadata = file.metadata();
      assertEquals(OptionalLong.of(200), metadata.whole("t.u8"));
      assertEquals(OptionalLong.of(-3), metadata.whole("t.i8"));
      assertEquals(OptionalLong.of(60_000), metadata.whole("t.u16"));
      assertEquals(OptionalLong.of(-30_000), metadata.whole("t.i16"));
      assertEquals(OptionalLong.of(4_000_000_000L), metadata.whole("t.u32"));
      assertEquals(OptionalLong.of(-5), metadata.whole("t.i32"));
      assertEquals(OptionalLong.of(1L << 40), metadata.whole("t.u64"));
      assertEquals(OptionalLong.of(-(1L << 40)), metadata.whole("t.i64"));
      assertEquals(Optional.of(0.5), metadata.fraction("t.f32"));
      assertEquals(Optional.of(0.1), metadata.fraction("t.f64"));
      assertEquals(Optional.of(true), metadata.flag("t.bool"));
      assertEquals(Optional.of("Łuthier 🎻"), metadata.text("t.text"));
      assertEquals(Optional.of(List.of("a", "", "é")), metadata.texts("t.texts"));
      assertArrayEquals(new long[] {1, -2, 3}, metadata.wholes("t.wholes").orElseThrow());
      assertEquals(Optional.empty(), metadata.text("t.absent"));
      WeightsException wrong = assertThrows(WeightsException.class, () -> metadata.text("t.u8"));
      assertEquals(
          true, wrong.getMessage().endsWith("metadata t.u8 must be a text"), wrong.getMessage());
    }
  }
}
