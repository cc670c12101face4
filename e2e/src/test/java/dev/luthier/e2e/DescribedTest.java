package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests drawn from the description that the server serves, good ones and bad ones: none makes
/// it fail, and each answer is as described.
final class DescribedTest {
  private static final Path ROOT = Path.of(System.getProperty("luthier.root", ".."));
  private static final Path HOOKS = Path.of("src/test/python/drawn.py");
  private static final String SEED = "20261123";
  private static final int SECONDS_MAX = 60;

  @TempDir Path folder;

  @Test
  void noDrawnRequestFailsTheServerOrGetsAnAnswerThatIsNotDescribed() throws Exception {
    var program = ROOT.resolve("target/python/schemathesis/bin/schemathesis");
    assumeTrue(Files.exists(program), "skipped: .ci/python has not installed schemathesis");
    try (var server = Luthier.serve(folder.resolve("data"))) {
      var said = folder.resolve("said.txt");
      var builder = new ProcessBuilder(command(program, server.url()));
      builder.environment().put("SCHEMATHESIS_HOOKS", HOOKS.toAbsolutePath().toString());
      builder.environment().put("OPENAI_BASE_URL", server.url());
      builder.environment().put("OPENAI_API_KEY", Luthier.KEY);
      var process =
          builder
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      try {
        assertTrue(process.waitFor(10L * SECONDS_MAX, TimeUnit.SECONDS), "it does not end");
        var output = Files.readString(said);
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains("No issues found"), output);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  /// One worker: two of them meet in the caches of its generator, which then calls itself flaky.
  private static List<String> command(Path program, String url) {
    return List.of(
        program.toAbsolutePath().toString(),
        "run",
        url.replaceFirst("/v1$", "/openapi.yaml"),
        "--url=" + url,
        "--header=Authorization: Bearer " + Luthier.KEY,
        "--checks=not_a_server_error,status_code_conformance,content_type_conformance,"
            + "response_schema_conformance",
        "--phases=coverage,fuzzing",
        "--seed=" + SEED,
        "--max-time=" + SECONDS_MAX,
        "--max-examples=4",
        "--workers=1",
        "--request-timeout=300",
        "--suppress-health-check=all",
        "--warnings=off",
        "--continue-on-failure",
        "--no-shrink",
        "--no-color");
  }
}
