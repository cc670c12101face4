package dev.luthier.engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.luthier.engine.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The server's process imports bases and must never load LibTorch.
class NoNativeCodeTest {
  @Test
  void weightsNameNoClassOfLibTorchOrOfThePackageThatLoadsIt() throws Exception {
    assertEquals(List.of(), classesThatName("org/bytedeco", WeightsException.class));
    assertEquals(List.of(), classesThatName("dev/luthier/engine/tensor", WeightsException.class));
    assertFalse(
        classesThatName("org/bytedeco", Tensor.class).isEmpty(), "the search itself finds nothing");
  }

  private static List<String> classesThatName(String text, Class<?> neighbour) throws Exception {
    var url = Objects.requireNonNull(neighbour.getResource(neighbour.getSimpleName() + ".class"));
    try (var classes = Files.list(Path.of(url.toURI()).resolveSibling("."))) {
      return classes
          .filter(file -> names(file, text))
          .map(file -> file.getFileName().toString())
          .toList();
    }
  }

  private static boolean names(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
