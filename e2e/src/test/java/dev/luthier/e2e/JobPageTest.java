package dev.luthier.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.luthier.e2e.Reader.button;
import static dev.luthier.e2e.Reader.go;
import static dev.luthier.e2e.Reader.logIn;
import static dev.luthier.e2e.Reader.menu;
import static dev.luthier.e2e.Reader.tab;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.openai.models.finetuning.jobs.FineTuningJob;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The page of a job that still runs, and what leads to it and from it. One long job serves all;
/// the tests follow each other.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class JobPageTest {
  private static final Path ROWS =
      Path.of(System.getProperty("luthier.root", "..")).resolve("examples/pirate.jsonl");
  private static final long EPOCHS = 50;

  /// As long as a first epoch, or a first answer, takes on a busy machine.
  private static final double SLOW_MILLIS = Patience.millis(240_000);

  @TempDir static Path folder;
  private static Browser browser;
  private static Luthier server;
  private static Page page;
  private static FineTuningJob job;

  @BeforeAll
  static void begin() throws Exception {
    browser = new Browser();
    server = Luthier.serve(folder.resolve("data"));
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, Files.readString(ROWS).repeat(2));
    job = Jobs.create(server.client(), rows, EPOCHS, 5);
    page = browser.page(URI.create(server.url().replace("/v1", "")));
    logIn(page);
    page.locator(".row[data-job=" + job.id() + "]").click();
  }

  @AfterAll
  static void end() {
    if (server != null) {
      server.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  private static Locator one(Locator some, String text) {
    return some.filter(new Locator.FilterOptions().setHasText(text));
  }

  private static String status(FineTuningJob some) {
    return server.client().fineTuning().jobs().retrieve(some.id()).status().asString();
  }

  @Test
  @Order(1)
  void aCheckpointAnswersInThePlaygroundWhileItsJobStillRuns() {
    tab(page, "Checkpoints");
    page.locator("[role=tabpanel] tbody a")
        .first()
        .click(new Locator.ClickOptions().setTimeout(SLOW_MILLIS));
    assertThat(page.locator(".pane")).hasCount(2);
    assertThat(page.locator(".pane select").nth(1)).hasValue(Pattern.compile("ckpt-step-\\d+$"));
    page.locator(".composer").getByLabel("Most tokens").fill("16");
    page.getByLabel("Message").fill("How do I fix a flat tyre?");
    button(page, "Ask").click();
    var visible = new LocatorAssertions.IsVisibleOptions().setTimeout(SLOW_MILLIS);
    assertThat(page.locator(".pane").nth(1).locator(".facts")).isVisible(visible);
    assertEquals("running", status(job));
  }

  @Test
  @Order(2)
  void theJavaOfThePageMakesTheSameJobAndTheLaneShowsItWaiting() throws Exception {
    go(page, "#/jobs/" + job.id());
    tab(page, "As code");
    button(page, "Java").click();
    String printed = run(page.locator(".code pre").textContent());
    var made = server.client().fineTuning().jobs().retrieve(printed.strip());
    assertEquals(job.hyperparameters().nEpochs(), made.hyperparameters().nEpochs());
    assertEquals(job.seed(), made.seed());
    assertEquals(job.trainingFile(), made.trainingFile());
    Locator lane = page.locator(".lane");
    assertThat(lane.locator("li")).hasCount(2);
    assertThat(lane.locator("li").first()).containsText(Pattern.compile("Running · until about"));
    assertThat(lane.locator("li").last()).containsText(Pattern.compile("^\\s*1"));
    var later = Jobs.create(server.client(), ROWS, 1, 77);
    assertThat(lane.locator("li")).hasCount(3);
    assertThat(lane.locator("li a").last()).hasAttribute("href", "#/jobs/" + later.id());
    lane.locator("li").last().locator("button").filter(named("One place earlier")).click();
    assertThat(lane.locator("li a").last()).hasAttribute("href", "#/jobs/" + made.id());
    assertThat(lane.locator("li a").nth(1)).hasAttribute("href", "#/jobs/" + later.id());
    lane.locator("li").nth(1).locator("button").filter(named("One place later")).click();
    assertThat(lane.locator("li a").last()).hasAttribute("href", "#/jobs/" + later.id());
    assertEquals(List.of(), Browser.accessibilityFindings(page));
    List.of(made, later).forEach(some -> server.client().fineTuning().jobs().cancel(some.id()));
    assertThat(lane).hasCount(0);
  }

  /// Compiles and runs what stands on the page, against OpenAI's own client.
  private static String run(String snippet) throws Exception {
    String imports =
        snippet
            .lines()
            .filter(line -> line.startsWith("import "))
            .collect(Collectors.joining("\n"));
    String rest =
        snippet
            .lines()
            .filter(line -> !line.startsWith("import "))
            .collect(Collectors.joining("\n"));
    Path file = folder.resolve("Snippet.java");
    Files.writeString(
        file,
        imports + "\nclass Snippet { public static void main(String[] args) {\n" + rest + "\n}}\n");
    Path out = folder.resolve("snippet.out");
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--class-path",
            System.getProperty("java.class.path"),
            file.toString());
    builder.environment().put("OPENAI_API_KEY", Luthier.KEY);
    var process =
        builder.redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      assertTrue(
          process.waitFor(Patience.seconds(90), TimeUnit.SECONDS), "the snippet did not end");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), snippet);
    return Files.readString(out);
  }

  @Test
  @Order(3)
  void projectsAreGivenAndDeniedACheckpoint() {
    tab(page, "Checkpoints");
    page.getByText("Who may use a checkpoint").click();
    assertThat(page.getByText("No permission yet")).isVisible();
    page.locator(".permissions").getByLabel("Project").fill("proj_ours");
    button(page, "Permit").click();
    var granted = page.locator(".granted li");
    assertThat(granted).hasCount(1);
    assertThat(granted).containsText("proj_ours");
    assertEquals(List.of(), Browser.accessibilityFindings(page));
    granted.locator("button").click();
    assertThat(page.getByText("No permission yet")).isVisible();
  }

  @Test
  @Order(4)
  void integrationsAreAskedForOnTheFormAndKeptByARunAgain() {
    go(page, "#/jobs/new?training=" + job.trainingFile());
    // What the server refuses is pointed out where it stands.
    page.getByLabel("Epochs").fill("51");
    button(page, "Start").click();
    var epochs = page.locator("[name=n_epochs]");
    assertThat(page.locator("label:has([name=n_epochs]) + .complaint"))
        .hasText(Pattern.compile("^Epochs is \\W*51\\W*; the most is \\W*50\\W*\\.$"));
    assertThat(epochs).isFocused();
    // And what is no number is said in the page's language, not in the browser's.
    epochs.fill("many");
    button(page, "Start").click();
    assertThat(page.locator("label:has([name=n_epochs]) + .complaint"))
        .hasText("A number is wanted here, such as 2 or 0.5.");
    page.getByLabel("Epochs").fill("1");
    page.getByText("Integrations").click();
    page.getByLabel("Weights & Biases project").fill("trees");
    page.getByLabel("Keep a TensorBoard file").check();
    // A look elsewhere does not cost what was typed.
    menu(page, "Files");
    page.goBack();
    assertThat(page.getByLabel("Weights & Biases project")).hasValue("trees");
    assertThat(page.locator("[data-part=training] .findings")).isVisible();
    button(page, "Start").click();
    assertThat(page.locator(".fields")).containsText("wandb: trees, tensorboard");
    page.onceDialog(com.microsoft.playwright.Dialog::dismiss);
    button(page, "Cancel").click();
    assertThat(page.locator(".job-head .pill")).not().hasText("Cancelled");
    page.onceDialog(com.microsoft.playwright.Dialog::accept);
    button(page, "Cancel").click();
    assertThat(page.locator(".job-head .pill")).hasText("Cancelled");
    page.getByText("Run again").click();
    page.getByText("Integrations").click();
    assertThat(page.getByLabel("Weights & Biases project")).hasValue("trees");
    assertThat(page.getByLabel("Keep a TensorBoard file")).isChecked();
  }

  @Test
  @Order(7)
  void preferencesAreLearntFromTheFormAndTheirMarginIsDrawn() throws Exception {
    page.getByLabel("Language").or(page.getByLabel("Език")).first().selectOption("en");
    server.client().fineTuning().jobs().cancel(job.id());
    Path pairs = Files.writeString(folder.resolve("pairs.jsonl"), Pairs.jsonl());
    go(page, "#/jobs/new");
    page.locator("[data-part=training] input[type=file]").setInputFiles(pairs);
    button(page, "Train on preferences (DPO)").click();
    assertThat(page.getByLabel("Method")).hasValue("dpo");
    assertThat(page.locator("[data-part=training]")).containsText("Nothing is wrong");
    assertThat(button(page, "Start")).isEnabled();
    // An alias is chosen as a model is.
    page.locator("select[name=model]").selectOption("gpt-3.5-turbo");
    page.getByLabel("Epochs").fill("1");
    page.getByLabel("Beta").fill("0.25");
    page.getByText("Beyond OpenAI’s settings").click();
    page.getByLabel("Which epoch is kept").selectOption("best");
    button(page, "Start").click();
    assertThat(page.getByText("goes by the loss over the validation file")).isVisible();
    page.getByLabel("Which epoch is kept").selectOption("");
    page.getByLabel("LoRA rank").fill("4");
    assertEquals(List.of(), Browser.accessibilityFindings(page));
    button(page, "Start").click();
    assertThat(page.locator(".fields")).containsText("Preferences (DPO)");
    assertThat(page.locator(".fields")).containsText(Pattern.compile("Beta\\s*0.25"));
    assertThat(page.locator(".fields")).containsText(Pattern.compile("LoRA rank\\s*4"));
    tab(page, "As code");
    button(page, "Java").click();
    assertThat(page.locator(".code pre")).containsText("Map.entry(\"lora_rank\", 4)");
    tab(page, "Metrics");
    assertThat(page.locator(".chart-name").getByText("Margin of rewards"))
        .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(SLOW_MILLIS));
    tab(page, "Manifest");
    String id = page.url().replaceFirst("\\?.*", "").replaceFirst(".*/", "");
    assertThat(page.locator(".command pre")).hasText("luthier verify " + id);
    assertThat(page.locator(".manifest")).containsText("Preferences (DPO), beta 0.25");
    assertEquals(List.of(), Browser.accessibilityFindings(page));
    server.client().fineTuning().jobs().cancel(id);
    page.getByText("Run again").click();
    assertThat(page.getByLabel("Beta")).hasValue("0.25");
    assertThat(page.getByLabel("LoRA rank")).hasValue("4");
    go(page, "#/compare/" + job.id() + "," + id);
    var method = page.locator(".differences tr.differs").filter(named("Training method"));
    assertThat(method).containsText(Pattern.compile("Supervised\\s*Preferences"));
    browser.assertNothingNoted();
  }

  @Test
  @Order(8)
  void aGraderIsMadeFromAFewFieldsOrAsJsonAndTriedBeforeTheStart() throws Exception {
    String prompts =
        IntStream.range(10, 22)
            .mapToObj(n ->
                """
                {"messages": [{"role": "user", "content": "Which number follows %d?"}], "answer": "%d"}
                """
                    .formatted(n, n + 1))
            .collect(Collectors.joining());
    go(page, "#/jobs/new");
    page.getByLabel("Method").selectOption("reinforcement");
    page.locator("[data-part=training] input[type=file]")
        .setInputFiles(Files.writeString(folder.resolve("prompts.jsonl"), prompts));
    assertThat(page.getByText("Choose a validation file to start")).isVisible();
    page.locator("[data-part=validation] input[type=file]")
        .setInputFiles(Files.writeString(folder.resolve("held-out.jsonl"), prompts));
    assertThat(button(page, "Start")).isEnabled();
    page.getByLabel("Kind").selectOption("score_model");
    page.getByLabel("Language").selectOption("ms");
    assertThat(page.locator("textarea[name=grader-prompt]"))
        .hasValue(Pattern.compile("^Sejauh mana.*\n\\{\\{sample"));
    page.getByLabel("Bahasa").selectOption("en");
    page.getByLabel("Kind").selectOption("text_similarity");
    page.locator("select[name=grader-measure]").selectOption("rouge_l");
    button(page, "Check the grader").click();
    assertThat(page.getByText("The grader can be used.")).isVisible();
    assertEquals(List.of(), Browser.accessibilityFindings(page));
    page.getByLabel("Kind").selectOption("json");
    Locator text = page.locator("textarea[name=grader]");
    assertThat(text).hasValue(Pattern.compile("\"evaluation_metric\": \"rouge_l\""));
    text.fill("{\"type\": \"python\", \"name\": \"mine\", \"source\": \"1\"}");
    button(page, "Check the grader").click();
    assertThat(page.locator("luthier-grader .complaint")).containsText("python");
    text.fill("{");
    button(page, "Start").click();
    assertThat(page.locator(".create")).containsText("is no JSON.");
    page.locator("[data-part=validation] select").selectOption("");
    assertThat(button(page, "Start")).isDisabled();
    browser.assertNothingNoted();
  }

  private static Locator.FilterOptions named(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  /// The second part is lost on its way once.
  @Test
  @Order(5)
  void aLargeFileIsSentInPartsAndALostPartAgain() throws Exception {
    String row = Files.readString(ROWS).lines().findFirst().orElseThrow() + "\n";
    byte[] rows = row.repeat(40_000_000 / row.length()).getBytes(StandardCharsets.UTF_8);
    Path large = Files.write(folder.resolve("large.jsonl"), rows);
    var parts = new AtomicInteger();
    page.route(
        "**/parts",
        route -> {
          if (parts.incrementAndGet() == 2) {
            route.abort();
          } else {
            route.resume();
          }
        });
    menu(page, "Files");
    page.locator("luthier-files input[type=file]").setInputFiles(large);
    assertThat(page.locator("h1"))
        .hasText("large.jsonl", new LocatorAssertions.HasTextOptions().setTimeout(SLOW_MILLIS));
    assertEquals(4, parts.get());
    String id = page.url().replaceFirst(".*/", "");
    assertEquals(rows.length, server.client().files().retrieve(id).bytes());
    page.unroute("**/parts");
  }

  @Test
  @Order(6)
  void aRefusalIsSaidInTheReadersLanguage() {
    menu(page, "Models");
    page.getByLabel("Language").selectOption("bg");
    page.locator(".alias-form input").fill("две думи");
    page.locator(".alias-form button").click();
    assertThat(one(page.locator(".complaint"), "не може да бъде псевдоним")).isVisible();
    browser.assertNothingNoted();
  }
}
