package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// The description that the server serves is OpenAI's, but for the reviewed deviations. With
/// `-Dluthier.write=true` the test writes what it would compare.
class DescriptionTest {
  private static final Path ORIGINAL = Path.of("../../shared/openai/openapi.yaml");
  private static final Path RESOURCES = Path.of("src/test/resources/dev/luthier/http/api");
  static final Path SERVED = Path.of("src/main/resources/dev/luthier/http/api/openapi.yaml");

  private static JsonNode original() throws IOException {
    assumeTrue(
        Files.exists(ORIGINAL), "skipped: OpenAI's description does not lie beside the clone");
    // Blank lines at the head of its block texts are indented deeper than the texts, which is no
    // YAML.
    return new YAMLMapper().readTree(Files.readString(ORIGINAL).replaceAll("(?m)^ +$", ""));
  }

  @Test
  void whatIsServedIsOpenAisForWhatIsOfferedWithOurDeviations() throws Exception {
    var offered = new OfferedDescription(original(), Deviations.read()).offered();
    var yaml =
        YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();
    compare(SERVED, yaml.writeValueAsString(offered));
  }

  @Test
  void theListOfOperationsIsOpenAis() throws Exception {
    compare(
        RESOURCES.resolve("operations.txt"),
        String.join("\n", OfferedDescription.operations(original())) + "\n");
  }

  private static void compare(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("luthier.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    assertTrue(Files.exists(file), file + " is missing; -Dluthier.write=true writes it");
    assertEquals(
        expected,
        Files.readString(file),
        file + " is not what it should be; -Dluthier.write=true writes it");
  }

  @Test
  void everyOperationIsOfferedOrHasAReasonWhyNot() throws Exception {
    var deviations = Deviations.read();
    var operations = Files.readAllLines(RESOURCES.resolve("operations.txt"));
    assertTrue(operations.containsAll(deviations.offered()));
    assertEquals(
        List.of(),
        operations.stream()
            .filter(some -> !deviations.offered().contains(some))
            .filter(some -> deviations.absence(some).isEmpty())
            .toList());
  }

  @Test
  void everyDeviationIsOfAnOfferedOperation() {
    var deviations = Deviations.read();
    deviations
        .schemas()
        .forEach(change -> assertTrue(deviations.offered().containsAll(change.operations())));
    deviations
        .behaviour()
        .forEach(change -> assertTrue(deviations.offered().containsAll(change.operations())));
  }
}
