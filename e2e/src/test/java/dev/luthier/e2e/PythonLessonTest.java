package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The user's own notebook, cell by cell and unchanged, with OpenAI's Python client: the oldest in
/// use and the newest. It needs the notebook beside the clone and the clients that `.ci/run`
/// installs.
final class PythonLessonTest {

  private static final Path ROOT = Path.of(System.getProperty("luthier.root", ".."));

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"openai-1.30", "openai-newest"})
  void theNotebookRunsUnchanged(String environment) throws Exception {
    var lesson = ROOT.resolve("../shared/notebook/run_lesson.py").normalize();
    var python = ROOT.resolve("target/python/" + environment + "/bin/python");
    assumeTrue(Files.exists(lesson), "skipped: the notebook does not lie beside the clone");
    assumeTrue(Files.exists(python), "skipped: .ci/python has not installed " + environment);
    try (var server = Luthier.serve(folder.resolve("data"))) {
      var builder =
          new ProcessBuilder(python.toString(), lesson.toRealPath().toString()).inheritIO();
      builder.environment().put("OPENAI_BASE_URL", server.url());
      builder.environment().put("OPENAI_API_KEY", Luthier.KEY);
      // The notebook samples at temperature 1, where about one answer in eighty loses the form of
      // its
      // rows (docs/decisions/0005): one miss may be chance, two in a row are not.
      int first = builder.start().waitFor();
      assertEquals(0, first == 0 ? 0 : builder.start().waitFor());
    }
  }
}
