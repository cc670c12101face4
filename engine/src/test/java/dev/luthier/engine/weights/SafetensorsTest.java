package dev.luthier.engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir Path folder;

  private static StoredTensor tensor(String name, DType type, byte fill, long... shape) {
    byte[] bytes = new byte[(int) (ExactSize.elements(shape) * type.bytes())];
    java.util.Arrays.fill(bytes, fill);
    return new StoredTensor(name, type, shape, MemorySegment.ofArray(bytes));
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    Path file = folder.resolve("a.safetensors");
    List<StoredTensor> tensors =
        List.of(
            tensor("z", DType.BF16, (byte) 1, 3, 5),
            tensor("a", DType.BF16, (byte) 2, 2),
            tensor("scalar", DType.F32, (byte) 3),
            tensor("empty", DType.F32, (byte) 4, 0, 7));
    Safetensors.write(file, tensors, Map.of("format", "pt", "step", "7"));
    try (Safetensors read = Safetensors.map(file)) {
      assertEquals(List.of("empty", "scalar", "a", "z"), List.copyOf(read.tensors().keySet()));
      assertEquals(Map.of("format", "pt", "step", "7"), read.metadata());
      for (StoredTensor tensor : tensors) {
        StoredTensor found = read.tensor(tensor.name());
        assertEquals(tensor.type(), found.type());
        assertArrayEquals(tensor.shape(), found.shape());
        assertEquals(-1, tensor.data().mismatch(found.data()));
      }
      assertEquals(0, read.tensor("scalar").data().address() % 4);
    }
  }

  @Test
  void theOrderInWhichTensorsAreHandedInDoesNotChangeTheFile() throws IOException {
    List<StoredTensor> tensors =
        List.of(
            tensor("b", DType.F32, (byte) 1, 2),
            tensor("a", DType.BF16, (byte) 2, 2),
            tensor("c", DType.BF16, (byte) 3, 2));
    Safetensors.write(folder.resolve("one"), tensors, Map.of("x", "1", "y", "2"));
    Safetensors.write(folder.resolve("two"), tensors.reversed(), Map.of("y", "2", "x", "1"));
    assertEquals(-1, Files.mismatch(folder.resolve("one"), folder.resolve("two")));
  }

  @Test
  void aReferenceFileIsRead() throws Exception {
    try (Safetensors file = Safetensors.map(Fixtures.file("tiny/model.safetensors"))) {
      assertEquals(Map.of("format", "pt"), file.metadata());
      assertArrayEquals(new long[] {261, 64}, file.tensor("model.embed_tokens.weight").shape());
      WeightsException missing = assertThrows(WeightsException.class, () -> file.tensor("nope"));
      assertTrue(missing.getMessage().contains("has no tensor nope"), missing.getMessage());
    }
  }

  private void refused(String reason, String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    refused(reason, json.length, json, dataBytes);
  }

  private void refused(String reason, long headerLength, byte[] header, int dataBytes)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(headerLength).put(header);
    Path file = Files.write(folder.resolve("hostile.safetensors"), bytes.array());
    WeightsException refusal =
        assertThrows(WeightsException.class, () -> Safetensors.map(file).close());
    assertTrue(refusal.getMessage().startsWith(file.toString()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void aHeaderThatDoesNotFitIsRefused() throws IOException {
    byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
    refused("claims a header of 16777217 bytes", (16L << 20) + 1, empty, 0);
    refused("claims a header of 18446744073709551615 bytes", -1, empty, 0);
    refused("claims a header of 100 bytes, but only 2 follow", 100, empty, 0);
    Path file = Files.write(folder.resolve("short"), new byte[7]);
    assertThrows(WeightsException.class, () -> Safetensors.map(file).close());
  }

  @Test
  void aHeaderThatIsNoJsonObjectIsRefused() throws IOException {
    refused("does not start with '{'", " {}", 0);
    refused("not valid JSON", "{\"a\":", 0);
    refused("not valid JSON", "{} {}", 0);
    refused("not valid JSON", "{\"a\":{},\"a\":{}}", 0);
    refused("not UTF-8", 4, new byte[] {'{', (byte) 0xff, '}', ' '}, 0);
    refused("__metadata__.k must be a text", "{\"__metadata__\":{\"k\":1}}", 0);
  }

  @Test
  void tensorsThatLieAboutTheirPlaceAreRefused() throws IOException {
    String entry = "{\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}}";
    refused(
        "tensor w: its type and shape take 8 bytes, but its offsets span 4",
        entry.formatted("w", "[2]", "[0,4]"),
        4);
    refused(
        "tensor w ends at byte 8, but the file holds only 7",
        entry.formatted("w", "[2]", "[0,8]"),
        7);
    refused(
        "its tensors end at byte 8, but the file holds 9", entry.formatted("w", "[2]", "[0,8]"), 9);
    refused(
        "tensor w starts at byte 4 of the data, but the one before it ends at 0",
        entry.formatted("w", "[1]", "[4,8]"),
        8);
    refused("take too many bytes", entry.formatted("w", "[4294967296,4294967296]", "[0,4]"), 4);
    refused("shape[0] is -1", entry.formatted("w", "[-1]", "[0,4]"), 4);
    refused("shape[0] is 1.5", entry.formatted("w", "[1.5]", "[0,4]"), 4);
    refused(
        "data_offsets[1] is 9223372036854775808",
        entry.formatted("w", "[1]", "[0,9223372036854775808]"),
        4);
    refused("begin and an end after it", entry.formatted("w", "[1]", "[8,4]"), 8);
    refused("unknown dtype \"F33\"", entry.formatted("w", "[1]", "[0,4]").replace("F32", "F33"), 4);
    refused(
        "tensor b starts at byte 4 of the data, but the one before it ends at 8",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[4,12]}}",
        12);
  }

  @Test
  void tooManyTensorsAreRefused() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 65_538; i++) {
      header
          .append(i == 0 ? "" : ",")
          .append("\"")
          .append(i)
          .append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    refused("lists 65538 tensors; at most 65536", header.append("}").toString(), 0);
  }

  @Test
  void twoTensorsOfOneNameAreNotWritten() {
    List<StoredTensor> twice =
        new ArrayList<>(
            List.of(tensor("a", DType.U8, (byte) 0, 1), tensor("a", DType.U8, (byte) 0, 1)));
    assertThrows(
        WeightsException.class, () -> Safetensors.write(folder.resolve("twice"), twice, Map.of()));
  }
}
