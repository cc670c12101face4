package dev.luthier.engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BaseFolderTest {
  private static final BaseDescription TINY =
      new BaseDescription("tiny", "llama", "Apache-2.0", "a test");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  private static void assertSameTensors(Path expectedFile, Path foundFile) throws IOException {
    try (Safetensors expected = Safetensors.map(expectedFile);
        Safetensors found = Safetensors.map(foundFile)) {
      assertEquals(expected.tensors().keySet(), found.tensors().keySet());
      for (StoredTensor tensor : expected.tensors().values()) {
        assertArrayEquals(tensor.shape(), found.tensor(tensor.name()).shape());
        assertEquals(-1, tensor.data().mismatch(found.tensor(tensor.name()).data()), tensor.name());
      }
    }
  }

  @Test
  void anImportedGgufHoldsWhatTransformersReadsFromIt() throws Exception {
    Path target = folder.resolve("bases/tiny");
    List<Long> progress = new ArrayList<>();
    BaseFolder.importGguf(
        Fixtures.file("tiny.gguf"), target, TINY, (done, _) -> progress.add(done));

    assertSameTensors(
        Fixtures.file("tiny-expected.safetensors"), target.resolve("model.safetensors"));
    assertEquals(TINY, BaseFolder.verify(target));
    assertEquals(20, progress.size());
    JsonNode config = JSON.readTree(Files.readAllBytes(target.resolve("config.json")));
    assertEquals(64, config.get("hidden_size").intValue());
    assertEquals(16, config.get("head_dim").intValue());
    assertEquals(2, config.get("num_key_value_heads").intValue());
    assertEquals(1e-5, config.get("rms_norm_eps").doubleValue());
    assertEquals(50_000, config.get("rope_theta").doubleValue());
    assertEquals(true, config.get("tie_word_embeddings").booleanValue());
    assertEquals(260, config.get("eos_token_id").intValue());
    assertEquals(
        "{% for message in messages %}{{ message['content'] }}{% endfor %}",
        Files.readString(target.resolve("chat_template.jinja")));
    assertTrue(Files.readString(target.resolve("tokenizer.json")).contains("Digits"));
    try (var children = Files.list(target.resolveSibling("."))) {
      assertEquals(
          Set.of("tiny"),
          children.map(path -> path.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  @Test
  void anImportedHuggingFaceFolderIsRoundedToBf16() throws Exception {
    Path target = folder.resolve("tiny");
    BaseFolder.importSafetensors(
        Fixtures.file("tiny/config.json").resolveSibling("."), target, TINY, Progress.silent());
    try (Safetensors source = Safetensors.map(Fixtures.file("tiny/model.safetensors"));
        Safetensors found = Safetensors.map(target.resolve("model.safetensors"))) {
      assertEquals(source.tensors().keySet(), found.tensors().keySet());
      float first =
          source
              .tensor("model.embed_tokens.weight")
              .data()
              .get(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
      short rounded =
          found
              .tensor("model.embed_tokens.weight")
              .data()
              .get(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, 0);
      assertEquals(Bf16.of(first), rounded);
    }
    JsonNode config = JSON.readTree(Files.readAllBytes(target.resolve("config.json")));
    assertEquals(50_000, config.get("rope_theta").doubleValue());
    assertEquals("bfloat16", config.get("torch_dtype").stringValue());
    assertEquals(TINY, BaseFolder.verify(target));
  }

  @Test
  void shardsAreJoinedAndATemplateIsFoundInTheTokenizersConfiguration() throws Exception {
    Path source = Files.createDirectory(folder.resolve("sharded"));
    Path tiny = Fixtures.file("tiny/config.json").resolveSibling(".");
    Files.copy(tiny.resolve("config.json"), source.resolve("config.json"));
    Files.copy(tiny.resolve("tokenizer.json"), source.resolve("tokenizer.json"));
    Files.writeString(
        source.resolve("tokenizer_config.json"),
        "{\"chat_template\":[{\"name\":\"default\",\"template\":\"hello\"}]}");
    StringBuilder index = new StringBuilder();
    try (Safetensors whole = Safetensors.map(tiny.resolve("model.safetensors"))) {
      List<StoredTensor> tensors = List.copyOf(whole.tensors().values());
      for (int shard = 0; shard < 2; shard++) {
        String name = "model-0000" + shard + ".safetensors";
        List<StoredTensor> part = tensors.subList(shard * 10, shard * 10 + 10);
        Safetensors.write(source.resolve(name), part, java.util.Map.of());
        part.forEach(tensor -> index.append(",\"%s\":\"%s\"".formatted(tensor.name(), name)));
      }
    }
    Path indexFile = source.resolve("model.safetensors.index.json");
    Files.writeString(indexFile, "{\"weight_map\":{" + index.substring(1) + "}}");

    BaseFolder.importSafetensors(source, folder.resolve("joined"), TINY, Progress.silent());
    BaseFolder.importSafetensors(tiny, folder.resolve("plain"), TINY, Progress.silent());
    assertSameTensors(
        folder.resolve("plain/model.safetensors"), folder.resolve("joined/model.safetensors"));
    assertEquals("hello", Files.readString(folder.resolve("joined/chat_template.jinja")));

    Files.writeString(indexFile, "{\"weight_map\":{\"a\":\"../tiny/model.safetensors\"}}");
    WeightsException outside =
        assertThrows(
            WeightsException.class,
            () ->
                BaseFolder.importSafetensors(source, folder.resolve("x"), TINY, Progress.silent()));
    assertTrue(outside.getMessage().contains("no plain file name"), outside.getMessage());
  }

  @Test
  void aFailedImportLeavesNothingAndACompleteOneIsNotOverwritten() throws Exception {
    Path target = folder.resolve("bases/broken");
    assertThrows(
        WeightsException.class,
        () -> BaseFolder.importGguf(Fixtures.file("quants.gguf"), target, TINY, Progress.silent()));
    assertFalse(Files.exists(target));
    RuntimeException full = new IllegalStateException("disk");
    RuntimeException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                BaseFolder.importGguf(
                    Fixtures.file("tiny.gguf"),
                    target,
                    TINY,
                    (_, _) -> {
                      throw full;
                    }));
    assertEquals(full, thrown);
    try (var left = Files.list(folder.resolve("bases"))) {
      assertEquals(List.of(), left.toList());
    }
    BaseFolder.importGguf(Fixtures.file("tiny.gguf"), target, TINY, Progress.silent());
    WeightsException again =
        assertThrows(
            WeightsException.class,
            () ->
                BaseFolder.importGguf(Fixtures.file("tiny.gguf"), target, TINY, Progress.silent()));
    assertTrue(again.getMessage().contains("is imported already"), again.getMessage());
  }

  @Test
  void verifyNamesTheFileThatDiffers() throws Exception {
    Path target = folder.resolve("tiny");
    assertThrows(WeightsException.class, () -> BaseFolder.verify(target));
    BaseFolder.importGguf(Fixtures.file("tiny.gguf"), target, TINY, Progress.silent());
    Files.writeString(target.resolve("chat_template.jinja"), "changed");
    WeightsException changed =
        assertThrows(WeightsException.class, () -> BaseFolder.verify(target));
    assertTrue(
        changed.getMessage().contains("chat_template.jinja: has sha256"), changed.getMessage());
    Files.delete(target.resolve("chat_template.jinja"));
    WeightsException missing =
        assertThrows(WeightsException.class, () -> BaseFolder.verify(target));
    assertTrue(
        missing.getMessage().contains("chat_template.jinja: is missing"), missing.getMessage());
  }
}
