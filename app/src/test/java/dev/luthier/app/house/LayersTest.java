package dev.luthier.app.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The arrows of the design: who may see whom, and who alone may see a library.
class LayersTest {
  private static final String OURS = "dev.luthier.";

  /// What each module may see of the others.
  private static final Map<String, Set<String>> ARROWS =
      Map.of(
          "text", Set.of(),
          "wire", Set.of(),
          "engine", Set.of("text"),
          "platform", Set.of("text"),
          "store", Set.of("platform"),
          "http", Set.of("platform", "wire"),
          "gateway", Set.of("platform", "wire"),
          "worker", Set.of("text", "engine", "wire"),
          "app",
              Set.of("text", "wire", "engine", "platform", "store", "http", "gateway", "worker"));

  /// Packages of a library, and the only packages of ours that may use it.
  private static final Map<List<String>, String> KEPT_APART =
      Map.of(
          List.of("org.bytedeco.."), OURS + "engine.tensor..",
          List.of("java.sql..", "javax.sql..", "org.jdbi..", "com.zaxxer..", "org.sqlite.."),
              OURS + "store..",
          List.of("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet.."), OURS + "http..",
          List.of("ai.djl.."), OURS + "text..",
          List.of("picocli..", "me.tongfei.."), OURS + "app.cli..",
          List.of("ch.qos.logback.."), OURS + "app.logging..");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.luthier");

  @TestFactory
  Stream<DynamicTest> eachModuleSeesOnlyWhatItMay() {
    return ARROWS.keySet().stream()
        .sorted()
        .map(module -> DynamicTest.dynamicTest(module, () -> arrows(module).check(MAIN)));
  }

  @TestFactory
  Stream<DynamicTest> librariesStayWhereTheyBelong() {
    return KEPT_APART.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey().getFirst(),
                () -> keptApart(entry.getKey(), entry.getValue()).check(MAIN)));
  }

  @Test
  void weightsAreReadWithoutTensors() {
    weightsWithoutTensors().check(MAIN);
  }

  /// The server imports bases by `engine.weights`; anything else of the engine would load LibTorch.
  @Test
  void theServerSeesOnlyTheWeightsOfTheEngine() {
    serverWithoutTensors().check(MAIN);
  }

  @Test
  void featuresOfThePlatformFormNoCircle() {
    SlicesRuleDefinition.slices()
        .matching(OURS + "platform.(*)..")
        .should()
        .beFreeOfCycles()
        .check(MAIN);
  }

  @Test
  void everyModuleIsThere() {
    for (String module : ARROWS.keySet()) {
      assertTrue(
          MAIN.stream().anyMatch(c -> c.getPackageName().startsWith(OURS + module)),
          () -> "no class of " + module + " was read, so its rule would prove nothing");
    }
  }

  @Test
  void eachKindOfRuleCanFail() {
    JavaClasses wrong = new ClassFileImporter().importPackages("dev.luthier.app.house.fixture");
    assertFalse(wrong.isEmpty());
    assertTrue(
        keptApart(List.of("java.sql.."), OURS + "store..").evaluate(wrong).hasViolation(),
        "SQL outside of store must be seen");
    assertTrue(
        noClasses()
            .that(resideInAPackage(OURS + "app.house.fixture.."))
            .should()
            .dependOnClassesThat(resideInAPackage(OURS + "app.house.."))
            .orShould()
            .dependOnClassesThat(resideInAPackage(OURS + "wire.."))
            .evaluate(wrong)
            .hasViolation(),
        "an arrow to a module must be seen");
  }

  private static ArchRule arrows(String module) {
    String[] hidden =
        ARROWS.keySet().stream()
            .filter(other -> !other.equals(module) && !mayBeSeen(module).contains(other))
            .map(other -> OURS + other + "..")
            .toArray(String[]::new);
    return noClasses()
        .that(resideInAPackage(OURS + module + ".."))
        .should()
        .dependOnClassesThat(resideInAnyPackage(hidden))
        .as(module + " sees nothing of " + Arrays.toString(hidden))
        .allowEmptyShould(hidden.length == 0);
  }

  private static Set<String> mayBeSeen(String module) {
    Set<String> allowed = ARROWS.get(module);
    return allowed == null ? Set.of() : allowed;
  }

  private static ArchRule keptApart(List<String> library, String home) {
    return noClasses()
        .that(not(resideInAPackage(home)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(library.toArray(String[]::new)))
        .as(library + " is used in " + home + " alone");
  }

  private static ArchRule weightsWithoutTensors() {
    return noClasses()
        .that(resideInAPackage(OURS + "engine.weights.."))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.bytedeco..", OURS + "engine.tensor.."))
        .as("engine.weights is pure Java");
  }

  private static ArchRule serverWithoutTensors() {
    return noClasses()
        .that(
            resideInAnyPackage(
                OURS + "app..",
                OURS + "platform..",
                OURS + "store..",
                OURS + "http..",
                OURS + "gateway.."))
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS + "engine..")
                .and(not(resideInAPackage(OURS + "engine.weights.."))))
        .as("the server never loads LibTorch");
  }
}
