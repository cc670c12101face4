package dev.luthier.app.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.app.house.Sources.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Reads our own sources: forms that no compiler checks. Every checker is a function from text to
/// findings, and is shown to find something.
class TidyTest {
  /// A call that is not wanted, what to write in its place, and the files that may.
  private record Banned(String pattern, String instead, Set<String> exempt) {
    Banned(String pattern, String instead) {
      this(pattern, instead, Set.of());
    }
  }

  private static final List<Banned> BANNED =
      List.of(
          new Banned("System\\.currentTimeMillis\\(", "a Clock that is handed in"),
          new Banned("Instant\\.now\\(\\)", "clock.instant() of a Clock that is handed in"),
          new Banned("LocalDate(Time)?\\.now\\(\\)", "a Clock that is handed in"),
          new Banned("Math\\.random\\(", "a RandomGenerator that is handed in"),
          new Banned("new Random\\(\\)", "a RandomGenerator with a seed that is handed in"),
          new Banned("\\.printStackTrace\\(", "a logger"),
          new Banned(
              "System\\.(out|err)\\b",
              "a logger, or the streams of Surroundings",
              Set.of(
                  "app/src/main/java/dev/luthier/app/cli/Surroundings.java",
                  "app/src/main/java/dev/luthier/app/logging/LogConfigurator.java",
                  // A main whose output is the point.
                  "worker/src/main/java/dev/luthier/worker/BenchMain.java")),
          new Banned(
              "System\\.exit\\(",
              "a return value: only a main ends the process",
              Set.of(
                  "app/src/main/java/dev/luthier/app/Main.java",
                  "worker/src/main/java/dev/luthier/worker/WorkerProcess.java")),
          new Banned(
              "^import (static )?(java\\.util\\.logging|sun\\.misc)\\.", "slf4j; no internals"),
          new Banned("^import module ", "imports of classes"),
          new Banned("\\.(parallelStream|parallel)\\(\\)", "threads that have a name and a limit"),
          new Banned("Executors\\.newCachedThreadPool\\(", "a pool with a limit"),
          new Banned("Class\\.forName\\(|setAccessible\\(", "a constructor call"));

  private static final List<Banned> BANNED_IN_TESTS =
      List.of(
          new Banned("@Disabled", "a test that runs, or none"),
          new Banned("org\\.mockito|org\\.easymock", "a fake written by hand"));

  /// Longest file and method in lines. Those above are listed with their mark; it only shrinks.
  private static final int FILE_LINES_MAX = 400;

  /// Scenarios laid out in full run longer than code.
  private static final int TEST_LINES_MAX = 600;

  private static final int METHOD_LINES_MAX = 60;
  private static final Map<String, Integer> FILE_MARKS =
      Map.of("engine/src/main/java/dev/luthier/engine/tensor/Tensor.java", 570);

  private static final Map<String, Integer> METHOD_MARKS =
      Map.of(
          // The order of construction is the content; cut up, it would have to be searched for.
          "app/src/main/java/dev/luthier/app/serve/Wiring.java Servers.Running"
              + " wire(DataFolder data, int port) throws IOException {",
          141,
          // A kernel's loop is written out: calls in it would put its vectors on the heap.
          "engine/src/main/java/dev/luthier/engine/kernel/SwiGlu.java private static void"
              + " backward(",
          75,
          "engine/src/main/java/dev/luthier/engine/kernel/GradientStrip.java static void gradients(",
          117);

  /// Addresses of package registries; the POM's own name space is none.
  private static final Pattern REGISTRY =
      Pattern.compile(
          "://(?!maven\\.apache\\.org/(POM|xsd)/)[\\w.-]*(maven|pypi|npmjs|sonatype|gradle)");

  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.$}*~])/(root|home|work|Users|mnt)/[A-Za-z0-9_.-]+");
  private static final Pattern METHOD =
      Pattern.compile(
          "^(  |    )(?!.*\\b(record|class|interface|enum) )(?!return|throw|new |else|if |for |while |try |switch )[\\w<@].*[\\w>\\]] \\w+\\(.*");
  private static final Pattern KNOWS_NOT =
      Pattern.compile("Knows nothing of|[Mm]ust not know|must never|may not");
  private static final String SELF = "app/src/test/java/dev/luthier/app/house/TidyTest.java";

  @Test
  void noBannedCalls() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Source source : Sources.all()) {
      if (source.path().endsWith(".java") && source.path().contains("/src/main/")) {
        findings.addAll(banned(source, BANNED));
      } else if (source.path().endsWith(".java") && !source.path().equals(SELF)) {
        findings.addAll(banned(source, BANNED_IN_TESTS));
      }
    }
    none(findings);
  }

  @Test
  void everyPackageSaysWhatItIsAndWhatItMustNotKnow() throws IOException {
    none(packages(Sources.all()));
  }

  @Test
  void filesAndMethodsStaySmall() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Source source : Sources.all()) {
      if (source.path().endsWith(".java")) {
        findings.addAll(longFile(source));
        if (source.path().contains("/src/main/")) {
          findings.addAll(longMethods(source));
        }
      }
    }
    none(findings);
  }

  @Test
  void noRegistryAndNoPathOfAMachineIsNamed() throws IOException {
    List<String> findings = new ArrayList<>();
    for (Source source : Sources.all()) {
      if (!source.path().equals(SELF)) {
        findings.addAll(matches(source, REGISTRY, "names a package registry"));
        findings.addAll(matches(source, MACHINE_PATH, "names a path of one machine"));
      }
    }
    none(findings);
  }

  @Test
  void bannedCallsAreFoundWithTheirReplacement() {
    List<String> findings =
        banned(main("class A {\n  long t = System.currentTimeMillis();\n}"), BANNED);
    assertEquals(
        List.of(
            "a/src/main/java/A.java:2: write a Clock that is handed in instead of"
                + " System.currentTimeMillis("),
        findings);
    for (String call :
        List.of(
            "Instant.now()",
            "e.printStackTrace();",
            "System.out.println()",
            "System.exit(1)",
            "import sun.misc.Signal;",
            "list.parallelStream()",
            "Class.forName(x)")) {
      assertEquals(1, banned(main(call), BANNED).size(), call);
    }
    assertEquals(1, banned(main("@Disabled void t() {}"), BANNED_IN_TESTS).size());
  }

  @Test
  void bannedCallsInCommentsDoNotCount() {
    assertEquals(
        List.of(), banned(main("  // never System.exit(1) here\n/// Instant.now()"), BANNED));
  }

  @Test
  void aPackageWithoutWordsIsFound() {
    Source lonely = new Source("a/src/main/java/p/A.java", "package p;");
    assertEquals(1, packages(List.of(lonely)).size());
    Source mute = new Source("a/src/main/java/p/package-info.java", "@NullMarked\npackage p;");
    assertEquals(1, packages(List.of(lonely, mute)).size());
    Source good =
        new Source(
            "a/src/main/java/p/package-info.java",
            "/// Holds p.\n///\n/// Knows nothing of: q.\n@NullMarked\npackage p;");
    assertEquals(0, packages(List.of(lonely, good)).size());
  }

  @Test
  void longFilesAndMethodsAreFound() {
    assertEquals(1, longFile(main("x\n".repeat(FILE_LINES_MAX + 1))).size());
    assertEquals(0, longFile(main("x\n".repeat(FILE_LINES_MAX))).size());
    String method = "class A {\n  private int size() {\n" + "    x();\n".repeat(60) + "  }\n}\n";
    assertEquals(1, longMethods(main(method)).size());
    assertEquals(0, longMethods(main(method.replaceFirst("    x\\(\\);\n".repeat(2), ""))).size());
  }

  @Test
  void registriesAndMachinePathsAreFound() {
    assertEquals(1, matches(main("see https://pypi.example/x"), REGISTRY, "r").size());
    assertEquals(1, matches(main("<url>https://repo.maven.example/</url>"), REGISTRY, "r").size());
    assertEquals(1, matches(main("file = \"/home/ann/x\""), MACHINE_PATH, "p").size());
    assertEquals(
        0, matches(main("$HOME/.jdks and ~/work/x and a/home/x"), MACHINE_PATH, "p").size());
  }

  private static Source main(String text) {
    return new Source("a/src/main/java/A.java", text);
  }

  private static List<String> banned(Source source, List<Banned> rules) {
    List<String> findings = new ArrayList<>();
    List<String> lines = source.lines();
    for (int i = 0; i < lines.size(); i++) {
      String code = lines.get(i).replaceAll("//.*", "");
      for (Banned rule : rules) {
        Matcher found = Pattern.compile(rule.pattern()).matcher(code);
        if (found.find() && !rule.exempt().contains(source.path())) {
          findings.add(
              source.path()
                  + ":"
                  + (i + 1)
                  + ": write "
                  + rule.instead()
                  + " instead of "
                  + found.group());
        }
      }
    }
    return findings;
  }

  private static List<String> packages(List<Source> sources) {
    Map<String, String> words = new TreeMap<>();
    Set<String> folders = new TreeSet<>();
    for (Source source : sources) {
      if (source.path().contains("/src/main/java/") && source.path().endsWith(".java")) {
        String folder = source.path().substring(0, source.path().lastIndexOf('/'));
        folders.add(folder);
        if (source.path().endsWith("/package-info.java")) {
          words.put(folder, source.text());
        }
      }
    }
    List<String> findings = new ArrayList<>();
    for (String folder : folders) {
      String text = words.getOrDefault(folder, "");
      if (!text.startsWith("/// ")
          || !text.contains("@NullMarked")
          || !KNOWS_NOT.matcher(text).find()) {
        findings.add(
            folder
                + ": package-info.java must say its purpose, 'Knows nothing of: …', @NullMarked");
      }
    }
    return findings;
  }

  private static List<String> longFile(Source source) {
    int lines = source.lines().size();
    int most = source.path().contains("/src/test/") ? TEST_LINES_MAX : FILE_LINES_MAX;
    int mark = FILE_MARKS.getOrDefault(source.path(), most);
    return lines > mark
        ? List.of(source.path() + " has " + lines + " lines, its mark is " + mark + ": split it")
        : List.of();
  }

  /// The formatter puts a method's first line and its closing brace at the same depth.
  private static List<String> longMethods(Source source) {
    List<String> findings = new ArrayList<>();
    List<String> lines = source.lines();
    for (int start = 0; start < lines.size(); start++) {
      Matcher method = METHOD.matcher(lines.get(start));
      if (method.matches()) {
        int end = lines.subList(start, lines.size()).indexOf(method.group(1) + "}");
        int next = nextMember(lines, start, method.group(1));
        int length = end + 1;
        String name = source.path() + " " + lines.get(start).strip();
        int mark = METHOD_MARKS.getOrDefault(name, METHOD_LINES_MAX);
        if (end > 0 && end < next && length > mark) {
          findings.add(name + ": " + length + " lines, its mark is " + mark);
        }
      }
    }
    return findings;
  }

  /// How far below `start` the next blank line that ends a member without a body may lie.
  private static int nextMember(List<String> lines, int start, String indent) {
    for (int i = start; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(indent) && !line.startsWith(indent + " ") && line.endsWith(";")) {
        return i - start;
      }
    }
    return Integer.MAX_VALUE;
  }

  private static List<String> matches(Source source, Pattern pattern, String what) {
    List<String> findings = new ArrayList<>();
    List<String> lines = source.lines();
    for (int i = 0; i < lines.size(); i++) {
      Matcher found = pattern.matcher(lines.get(i));
      if (found.find()) {
        findings.add(source.path() + ":" + (i + 1) + " " + what + ": " + found.group());
      }
    }
    return findings;
  }

  private static void none(List<String> findings) {
    assertTrue(findings.isEmpty(), () -> "\n" + String.join("\n", findings));
  }
}
