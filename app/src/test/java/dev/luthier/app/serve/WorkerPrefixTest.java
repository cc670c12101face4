package dev.luthier.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.luthier.app.config.Cores;
import dev.luthier.platform.launch.WorkerKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerPrefixTest {
  private static final String NICE_SESSION =
      "{ echo 19 >/proc/self/autogroup; } 2>/dev/null; exec \"$@\"";
  private static final String NICE_VALUE = "cut -d ' ' -f 19 /proc/$$/stat";

  @TempDir Path tools;

  @Test
  void byDefaultATrainerHasTheLeastPriorityAndAnswersHaveTheUsualOne() throws IOException {
    tool("setsid");
    tool("nice");
    assertEquals(
        List.of(
            tools + "/setsid", "/bin/sh", "-c", NICE_SESSION, "sh", tools + "/nice", "-n", "19"),
        prefix(Cores.ANSWERS_FIRST, WorkerKind.TRAINER));
    assertEquals(List.of(tools + "/setsid"), prefix(Cores.ANSWERS_FIRST, WorkerKind.INFERENCE));
  }

  @Test
  void evenMeansTheUsualPriorityForBoth() throws IOException {
    tool("setsid");
    tool("nice");
    assertEquals(List.of(tools + "/setsid"), prefix(Cores.EVEN, WorkerKind.TRAINER));
    assertEquals(List.of(tools + "/setsid"), prefix(Cores.EVEN, WorkerKind.INFERENCE));
  }

  @Test
  void withoutNiceTrainersStartAllTheSame() throws IOException {
    tool("setsid");
    assertEquals(List.of(tools + "/setsid"), prefix(Cores.ANSWERS_FIRST, WorkerKind.TRAINER));
  }

  @Test
  void withoutASessionOfItsOwnATrainerLeavesTheServersAlone() throws IOException {
    tool("nice");
    assertEquals(
        List.of(tools + "/nice", "-n", "19"), prefix(Cores.ANSWERS_FIRST, WorkerKind.TRAINER));
  }

  @Test
  void whatStandsBehindThePrefixRunsWithThePriority() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "this machine has no setsid");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/nice")), "this machine has no nice");
    assertEquals("19", shown(trainer(Cores.ANSWERS_FIRST), NICE_VALUE));
    assertEquals(shown(List.of(), NICE_VALUE), shown(trainer(Cores.EVEN), NICE_VALUE));
    Path sessions = Path.of("/proc/sys/kernel/sched_autogroup_enabled");
    if (Files.exists(sessions) && Files.readString(sessions).strip().equals("1")) {
      String group = shown(trainer(Cores.ANSWERS_FIRST), "cat /proc/self/autogroup");
      assertEquals("nice 19", group.replaceFirst("^\\S+ ", ""), "the whole session's");
    }
  }

  private static List<String> trainer(Cores cores) {
    return Objects.requireNonNull(WorkerPrefix.ofThisMachine().of(cores).get(WorkerKind.TRAINER));
  }

  /// What a shell with this prefix writes.
  private static String shown(List<String> prefix, String script)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(prefix);
    line.addAll(List.of("/bin/sh", "-c", script));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text.strip();
  }

  private List<String> prefix(Cores cores, WorkerKind kind) {
    return Objects.requireNonNull(new WorkerPrefix(List.of(tools)).of(cores).get(kind));
  }

  private void tool(String name) throws IOException {
    Files.createFile(
        tools.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
