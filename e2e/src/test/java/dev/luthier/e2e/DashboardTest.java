package dev.luthier.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.luthier.e2e.Reader.button;
import static dev.luthier.e2e.Reader.go;
import static dev.luthier.e2e.Reader.menu;
import static dev.luthier.e2e.Reader.tab;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The dashboard in a real browser on a real server: the lesson's story without code, then every
/// page in every language. One server and one trained model serve all; the tests follow each other.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DashboardTest {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("luthier.root", "..")).resolve("examples");
  private static final String SCRIPT = "<img src=x onerror=window.pwned=1>";

  /// As long as a few epochs take on a busy machine.
  private static final LocatorAssertions.IsVisibleOptions TRAINED =
      new LocatorAssertions.IsVisibleOptions().setTimeout(Patience.millis(240_000));

  private static final LocatorAssertions.IsVisibleOptions ANSWERED =
      new LocatorAssertions.IsVisibleOptions().setTimeout(Patience.millis(60_000));

  /// As the probe's steps take, with a trainer's start before them.
  private static final LocatorAssertions.ContainsTextOptions MEASURED =
      new LocatorAssertions.ContainsTextOptions().setTimeout(Patience.millis(100_000));

  @TempDir static Path folder;
  private static Browser browser;
  private static Luthier server;
  private static Page page;

  @BeforeAll
  static void begin() throws Exception {
    browser = new Browser();
    server = Luthier.serve(folder.resolve("data"));
    page = browser.page(address());
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

  @AfterEach
  void nothingForeignRanAndNothingLeftTheMachine() {
    assertNull(page.evaluate("window.pwned"));
    browser.assertNothingNoted();
  }

  private static URI address() {
    return URI.create(server.url().replace("/v1", ""));
  }

  @Test
  @Order(1)
  void theLinkThatServePrintsLogsInOnceAndTheKeyAlways() throws Exception {
    var printed = Pattern.compile("http://\\S+#link=\\w+").matcher(Luthier.output(server.data()));
    assertTrue(printed.find());
    page.navigate(printed.group());
    assertThat(heading("Train your first model")).isVisible();
    assertFalse(page.url().contains("link="));
    var cookie = page.context().cookies().getFirst();
    assertTrue(cookie.httpOnly);
    assertEquals(SameSiteAttribute.STRICT, cookie.sameSite);
    assertFalse(cookie.value.contains(Luthier.KEY));

    Page second = browser.page(address());
    second.navigate(printed.group());
    assertThat(second.getByText("This link has been used already")).isVisible();
    second.getByLabel("API key").fill("sk-wrong");
    button(second, "Log in").click();
    assertThat(second.getByText("This key is not one of the server’s keys.")).isVisible();
    second.getByLabel("API key").fill(Luthier.KEY);
    button(second, "Log in").click();
    assertThat(second.getByRole(AriaRole.HEADING).filter(named("Train your first model")))
        .isVisible();
    button(second, "Log out").click();
    assertThat(second.getByLabel("API key")).isVisible();
    second.navigate(newLink());
    assertThat(second.getByRole(AriaRole.HEADING).filter(named("Train your first model")))
        .isVisible();
    second.context().close();
  }

  private static String newLink() throws Exception {
    var process =
        Luthier.program(server.data(), List.of("link", "--data", server.data() + "")).start();
    var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), printed);
    return printed.strip();
  }

  @Test
  @Order(2)
  void aRequestThatChangesSomethingNeedsMoreThanTheCookie() {
    Object status =
        page.evaluate(
            "async () => (await fetch('/v1/fine_tuning/jobs', {method: 'POST', body: '{}'})).status");
    assertEquals(403, status);
  }

  @Test
  @Order(3)
  void aBrokenFileShowsItsFindingsByLineBeforeAnythingStarts() throws Exception {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Use my own rows")).click();
    drop("training", EXAMPLES.resolve("pirate-broken.jsonl"));
    var findings = page.locator("[data-part=training] .finding");
    assertThat(findings.first()).containsText("line 3");
    assertThat(findings).hasCount(5);
    assertThat(button(page, "Start")).isDisabled();
    button(page, "Use a mended copy").click();
    assertThat(page.getByText("Nothing here can be mended without guessing.")).isVisible();
    // What can be is mended and chosen at once.
    var rows = Files.readString(EXAMPLES.resolve("pirate.jsonl")).replaceFirst("}\n", "},\n");
    page.locator("[data-part=training] input[type=file]")
        .setInputFiles(
            new FilePayload(
                "comma.jsonl", "application/jsonl", rows.getBytes(StandardCharsets.UTF_8)));
    assertThat(page.getByText("A job on these files would fail")).isVisible();
    assertThat(findings).hasCount(1);
    button(page, "Use a mended copy").click();
    assertThat(page.getByText("Nothing is wrong with these rows.")).isVisible();
    var chosen = page.locator("[data-part=training] select");
    assertThat(chosen.locator("option:checked")).containsText("comma-mended.jsonl");
    assertThat(chosen).isFocused();
    assertThat(button(page, "Start")).isEnabled();
  }

  @Test
  @Order(4)
  void aJobIsCreatedWatchedReloadedInTheMiddleAndSucceeds() {
    page.locator("[data-part=training] input[type=file]")
        .setInputFiles(EXAMPLES.resolve("pirate.jsonl"));
    assertThat(page.getByText("Nothing is wrong with these rows.")).isVisible();
    page.locator("[data-part=validation] input[type=file]")
        .setInputFiles(EXAMPLES.resolve("pirate-validation.jsonl"));
    assertThat(page.getByText("Nothing is wrong with these rows.")).hasCount(2);
    page.getByLabel("Epochs").fill("3");
    page.getByLabel("Seed").fill("7");
    page.getByLabel("Suffix of the new model’s name").fill(SCRIPT);
    assertThat(page.getByText("36", new Page.GetByTextOptions().setExact(true))).isVisible();
    button(page, "Start").click();

    assertThat(page.locator(".job-head h2")).hasText(SCRIPT);
    assertThat(page.locator(".messages")).containsText("Checking training file");
    // Live: a step appears without a reload, and another one after the reload.
    var step = page.getByText(Pattern.compile("^Step \\W?\\d+\\W?/\\W?36"));
    assertThat(step.first()).isVisible(TRAINED);
    page.reload();
    assertThat(page.locator(".job-head h2")).hasText(SCRIPT);
    assertThat(step.first()).isVisible(ANSWERED);
    assertThat(page.getByText("The job is complete")).isVisible(TRAINED);
    assertThat(page.locator(".job-head .pill")).hasText("Succeeded");
    assertThat(page.locator(".fields")).containsText("ft:smollm2-135m-instruct:personal:");
  }

  @Test
  @Order(5)
  void curvesAndCheckpointsAreThere() {
    tab(page, "Metrics");
    assertThat(page.locator(".plot canvas")).hasCount(5);
    assertThat(page.locator(".verdicts li").first()).containsText("The loss falls");
    Locator loss = page.locator(".plot").first();
    assertThat(loss).hasAttribute("aria-label", "Loss");
    loss.press("Home");
    loss.press("ArrowRight");
    assertThat(loss)
        .hasAttribute("aria-valuetext", Pattern.compile("Step 2, Training loss: [\\d.]+"));
    assertThat(page.locator(".legend.at").first()).hasText("2");
    // The ring on a checkpoint's line opens it beside the base.
    assertThat(page.locator(".mark")).hasCount(3);
    page.getByLabel("Open the checkpoint of step 12 in the playground").click();
    assertThat(page.locator(".pane select").nth(1)).hasValue(Pattern.compile("ckpt-step-12$"));
    page.goBack();
    tab(page, "Checkpoints");
    assertThat(page.locator("[role=tabpanel] tbody tr")).hasCount(3);
    tab(page, "As code");
    assertThat(page.locator("pre")).containsText("client.fine_tuning.jobs.create(");
  }

  /// Three held-out questions, asked of the base and of three checkpoints, and kept.
  @Test
  @Order(6)
  void aFilmOfPredictionsShowsTheModelLearn() {
    tab(page, "Predictions");
    button(page, "Ask at every checkpoint").click();
    assertThat(button(page, "Ask again")).isVisible(ANSWERED);
    assertThat(page.locator(".film thead th")).hasCount(6);
    var answers = page.locator(".film td:not(.expected) .words");
    assertThat(answers).hasCount(12);
    assertThat(page.locator(".film ins")).not().hasCount(0);
    var said = answers.allTextContents();
    page.reload();
    tab(page, "Predictions");
    assertThat(answers).hasText(said.toArray(new String[0]));
    assertThat(button(page, "Ask again")).isVisible();
  }

  @Test
  @Order(7)
  void whatWaitsHasAPlaceAndWhatIsPlannedATime() {
    var client = server.client();
    var jobs =
        List.of(
            Jobs.create(client, EXAMPLES.resolve("pirate.jsonl"), 1, 1),
            Jobs.create(client, EXAMPLES.resolve("pirate.jsonl"), 1, 2),
            Jobs.create(client, EXAMPLES.resolve("pirate.jsonl"), 1, 3));
    var waiting = page.locator(".row[data-job=" + jobs.getLast().id() + "]");
    assertThat(waiting).containsText(Pattern.compile("place \\d"));
    waiting.click();
    assertThat(page.locator(".progress-card")).containsText("Place in the queue");
    assertThat(page.locator(".progress-card"))
        .containsText(Pattern.compile("Expected start\\s*\\d+:\\d\\d"));
    button(page, "Pause").click();
    assertThat(page.locator(".job-head .pill")).hasText("Paused");
    button(page, "Resume").click();
    assertThat(button(page, "Pause")).isVisible();
    jobs.forEach(job -> client.fineTuning().jobs().cancel(job.id()));
    assertThat(page.locator(".job-head .pill")).hasText("Cancelled");
    assertThat(page.locator(".machine"))
        .hasText(Pattern.compile("Processor[\\s\\S]*%\\s*Memory\\s*[\\d.]+ of [\\d.]+ GB"));
    go(page, "#/jobs/new?training=" + fileId(jobs.getFirst().id()));
    var estimate = page.getByLabel("Before the start");
    assertThat(estimate).containsText("Measured on this machine", MEASURED);
    assertThat(estimate)
        .containsText(Pattern.compile("Time\\s*\\d+:\\d\\d\\s*Peak memory\\s*[\\d.]+ [MG]B"));
    page.goBack();
    page.locator(".row").last().click();
  }

  @Test
  @Order(8)
  void thePlaygroundSetsTheBaseBesideTheFineTune() {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Try it").setExact(true))
        .first()
        .click();
    assertThat(page.locator(".pane")).hasCount(2);
    var system = page.getByLabel("System prompt");
    assertThat(system).hasValue(Pattern.compile("Bosun Bea"));
    var composer = page.locator(".composer");
    composer.getByLabel("Temperature").fill("0");
    composer.getByLabel("Most tokens").fill("40");
    page.getByLabel("Message").fill("How do I fix a flat tyre?");
    button(page, "Ask").click();
    for (int pane = 0; pane < 2; pane++) {
      var figures = page.locator(".pane").nth(pane).locator(".facts");
      assertThat(figures).isVisible(ANSWERED);
      assertThat(figures)
          .containsText(
              Pattern.compile(
                  "Prompt tokens\\s*\\d+\\s*Answer tokens\\s*\\d+[\\s\\S]*Tokens/s\\s*\\d"));
    }
    var answers = page.locator(".turn.assistant .words").allTextContents();
    assertEquals(2, answers.size());
    assertNotEquals(answers.get(0), answers.get(1));
  }

  /// The name that a program says stays; what answers to it changes on the page.
  @Test
  @Order(9)
  void anAliasIsMadeForTheFineTuneAnswersChatsIsDeletedAndTakenBack() {
    menu(page, "Models");
    var model = page.locator(".tunes tbody tr").first().locator("code").textContent();
    var form = page.locator(".alias-form");
    form.getByLabel("New alias").fill("gpt-4o");
    form.getByLabel("Stands for").selectOption(model);
    button(page, "Make").click();
    assertThat(page.locator("luthier-aliases .complaint").first()).containsText("is taken");
    form.getByLabel("New alias").fill("team/pirate");
    button(page, "Make").click();
    var status = page.locator(".done");
    assertThat(status).containsText("stands for");
    assertEquals(model, server.client().models().retrieve("team/pirate").id());
    assertFalse(Jobs.ask(server.client(), "team/pirate", "Be brief.", "Hello").isEmpty());
    var line = page.locator("luthier-aliases tbody tr").filter(named("team/pirate"));
    line.locator(".danger").click();
    assertThat(line).hasCount(0);
    button(page, "Undo").click();
    assertThat(line).hasCount(1);
    page.getByLabel("Model of the alias team/pirate").selectOption("smollm2-135m-instruct");
    line.getByText("Move").click();
    assertThat(status).containsText("stands for");
    assertEquals("smollm2-135m-instruct", server.client().models().retrieve("team/pirate").id());
  }

  @Test
  @Order(10)
  void rowsAreShownTokenByTokenAndAsTextOnly() throws Exception {
    menu(page, "Files");
    var pirate = Files.readString(EXAMPLES.resolve("pirate.jsonl"));
    var longest = pirate.lines().findFirst().orElseThrow().replace("sun", "sun ".repeat(9000));
    var rows = pirate.replace("What time is it?", SCRIPT) + longest + "\n";
    page.locator("luthier-files input[type=file]")
        .setInputFiles(
            new FilePayload(
                SCRIPT + ".jsonl", "application/jsonl", rows.getBytes(StandardCharsets.UTF_8)));
    assertThat(page.locator("h1")).hasText(SCRIPT + ".jsonl");
    assertThat(page.locator(".data-row").first().locator(".pieces")).containsText("onerror");
    assertThat(page.locator(".piece.trained").nth(2)).isVisible();
    assertThat(page.locator(".lengths")).containsText("Rows are cut at");
    assertThat(page.locator(".lengths .cut-mark")).hasCount(1);
    menu(page, "Files");
    assertThat(page.locator("tbody tr").first()).containsText(SCRIPT);
    page.onceDialog(com.microsoft.playwright.Dialog::accept);
    page.locator("tbody tr").first().locator("button").click();
    assertThat(page.getByText(SCRIPT + ".jsonl")).hasCount(0);
    // An address that was cut off in the middle of a sign leads to a word, not to an empty page.
    go(page, "#/files/%E0%A4%A");
    page.reload();
    assertThat(page.getByText("There is no file")).isVisible();
  }

  @Test
  @Order(11)
  void aLostConnectionIsSaidAndComesBackByItself() {
    menu(page, "Fine-tuning");
    page.context().setOffline(true);
    var lost = page.getByText("The server cannot be reached.");
    assertThat(lost).isVisible();
    // A page that is opened meanwhile waits too.
    menu(page, "Files");
    assertThat(page.locator("h1")).hasText("Files");
    page.context().setOffline(false);
    assertThat(lost).isHidden();
    assertThat(page.locator("tbody tr").first()).isVisible();
    // What was to change something is not sent later: that is said.
    page.locator("tbody a.small").filter(named("Train on it")).first().click();
    assertThat(button(page, "Start")).isEnabled();
    page.context().setOffline(true);
    button(page, "Start").click();
    assertThat(page.getByText("so nothing was sent")).isVisible();
    assertThat(lost).isVisible();
    page.context().setOffline(false);
    assertThat(lost).isHidden();
    menu(page, "Fine-tuning");
  }

  @Test
  @Order(12)
  void everyPageIsAccessibleInEveryLanguageLightAndDark() {
    var job = page.locator(".row").last();
    assertThat(job).isVisible();
    var id = job.getAttribute("data-job");
    var file = fileId(id);
    var words =
        Map.of(
            "en", "Fine-tuning",
            "bg", "Фино обучение",
            "he", "כוונון עדין",
            "ms", "Penalaan halus");
    var places =
        Map.of(
            "#/jobs/" + id,
            ".job-head",
            "#/jobs/new?training=" + file,
            ".findings",
            "#/jobs/new?method=reinforcement",
            "luthier-grader",
            "#/files",
            "tbody tr",
            "#/files/" + file,
            ".data-row",
            "#/compare/" + id,
            "table.differences",
            "#/models",
            "tbody tr",
            "#/evals",
            ".eval-create",
            "#/playground",
            ".pane");
    List<String> findings = new ArrayList<>();
    words.forEach((language, word) -> {
      for (String theme : List.of("light", "dark")) {
        page.evaluate(
            "([language, theme]) => { localStorage.setItem('luthier.language', language);"
                + " localStorage.setItem('luthier.theme', theme); }",
            List.of(language, theme));
        page.reload();
        assertEquals(language, page.evaluate("document.documentElement.lang"));
        assertEquals(
            language.equals("he") ? "rtl" : "ltr", page.evaluate("document.documentElement.dir"));
        assertThat(page.locator("nav a").first()).hasText(word);
        places.forEach((place, part) -> {
          go(page, place);
          assertThat(page.locator(part).first()).isVisible();
          look(language + " " + theme + " " + place, findings);
          if (place.startsWith("#/jobs/ftjob")) {
            for (String tab :
                List.of("metrics", "checkpoints", "predictions", "code", "manifest")) {
              page.locator("#tab-" + tab).click();
              look(language + " " + theme + " " + tab, findings);
            }
          }
        });
      }
    });
    assertEquals(List.of(), findings);
  }

  @Test
  @Order(13)
  void aNarrowScreenNeedsNoScrollingSideways() {
    // A screen of 1280 at 400 % (WCAG 1.4.10).
    page.setViewportSize(320, 740);
    go(page, "#/jobs");
    String job = page.locator(".row").last().getAttribute("data-job");
    for (String place :
        List.of(
            "jobs",
            "jobs/" + job,
            "jobs/new",
            "jobs/new?method=reinforcement",
            "files",
            "files/" + fileId(job),
            "compare/" + job,
            "models",
            "evals",
            "batches",
            "usage",
            "webhooks",
            "playground")) {
      go(page, "#/" + place);
      assertThat(page.locator("h1")).isVisible();
      page.waitForTimeout(300);
      assertEquals(
          0,
          page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"),
          place);
    }
  }

  private static String fileId(String job) {
    return server.client().fineTuning().jobs().retrieve(job).trainingFile();
  }

  /// On a page in another alphabet an English word is one that was forgotten.
  private static void look(String where, List<String> findings) {
    if (where.startsWith("bg") || where.startsWith("he")) {
      Words.english(page).forEach(word -> findings.add(where + " is not all in it: " + word));
    }
    Browser.accessibilityFindings(page).forEach(found -> findings.add(where + " " + found));
  }

  /// As a mouse drops a file, which no input sees.
  private static void drop(String part, Path file) throws Exception {
    var data =
        page.evaluateHandle(
            "([name, text]) => { const data = new DataTransfer();"
                + " data.items.add(new File([text], name)); return data; }",
            List.of(String.valueOf(file.getFileName()), Files.readString(file)));
    var zone = page.locator("[data-part=" + part + "] .drop");
    zone.dispatchEvent("dragover", Map.of("dataTransfer", data));
    zone.dispatchEvent("drop", Map.of("dataTransfer", data));
  }

  private static Locator heading(String name) {
    return page.getByRole(AriaRole.HEADING).filter(named(name));
  }

  private static Locator.FilterOptions named(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }
}
