package dev.luthier.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.luthier.e2e.Reader.button;
import static dev.luthier.e2e.Reader.go;
import static dev.luthier.e2e.Reader.logIn;
import static dev.luthier.e2e.Reader.menu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.SelectOption;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Evals in a real browser on a real server: made out of a file of rows, run against the base and
/// read row by row.
final class EvalPagesTest {
  private static final String SCRIPT = "<img src=x onerror=window.pwned=1>";
  private static final LocatorAssertions.IsVisibleOptions ANSWERED =
      new LocatorAssertions.IsVisibleOptions().setTimeout(Patience.millis(120_000));

  @TempDir Path folder;
  private Browser browser;
  private Luthier server;
  private Page page;

  @BeforeEach
  void begin() throws Exception {
    browser = new Browser();
    server = Luthier.serve(folder.resolve("data"));
    page = browser.page(URI.create(server.url().replace("/v1", "")));
    logIn(page);
  }

  @AfterEach
  void end() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void anEvalIsMadeRunReadRowByRowAndDeleted() throws Exception {
    makeEval();
    var eval = place();
    var run = runBase();
    assertEquals(List.of(), accessibility(List.of("#/evals", eval, run)));
    menu(page, "Evals");
    page.onDialog(dialog -> dialog.accept());
    page.locator("luthier-evals tbody").getByText("Delete").click();
    assertThat(page.getByText("No evals yet")).isVisible();
    assertNull(page.evaluate("window.pwned"));
    browser.assertNothingNoted();
  }

  /// Of the three rows one can be passed, one cannot, and one has no answer to be held against.
  private void makeEval() throws Exception {
    var rows = folder.resolve("rows.jsonl");
    Files.writeString(
        rows,
        """
        {"messages":[{"role":"user","content":"What is the capital of France?"},{"role":"assistant","content":"paris"}]}
        {"messages":[{"role":"user","content":"Say hello."},{"role":"assistant","content":"%s"}]}
        {"messages":[{"role":"user","content":"Nobody answers this."}]}
        """
            .formatted(SCRIPT));
    Jobs.upload(server.client(), rows);
    menu(page, "Evals");
    assertThat(page.getByText("No evals yet")).isVisible();
    page.getByLabel("Name").fill(SCRIPT);
    page.locator("select[name=file]").selectOption(new SelectOption().setIndex(1));
    page.locator("select[name=criterion]").selectOption("ilike");
    addCriteria();
    button(page, "Create").click();
    assertThat(page.locator("h1")).hasText(SCRIPT);
    assertThat(page.getByText("No runs yet.")).isVisible();
  }

  /// Two that each answer meets, a third that is taken out again.
  private void addCriteria() {
    var criteria = page.locator("select[name=criterion]");
    button(page, "Add a criterion").click();
    page.locator("input[name=threshold]").fill("0");
    button(page, "Add a criterion").click();
    criteria.nth(2).selectOption("eq");
    button(page, "Add a criterion").click();
    criteria.nth(3).selectOption("json");
    button(page, "Remove criterion 3").click();
    assertThat(criteria).hasCount(3);
    var json = page.locator("textarea[name=criterion-json]");
    json.fill("{");
    button(page, "Create").click();
    assertThat(page.getByText("A criterion is no JSON.")).isVisible();
    json.fill(
        """
        {"type": "string_check", "name": "not empty", "input": "{{sample.output_text}}",
         "operation": "ne", "reference": ""}\
        """);
  }

  private String runBase() {
    page.getByLabel("smollm2-135m-instruct").check();
    page.locator("input[name=tokens]").fill("16");
    button(page, "Start 1 run").click();
    var runs = page.locator("luthier-eval tbody");
    assertThat(runs.getByText("Succeeded")).isVisible(ANSWERED);
    assertThat(named(runs, "Passed")).hasText("1");
    assertThat(named(runs, "Failed")).hasText("1");
    assertThat(named(runs, "Rows")).hasText("2");
    assertThat(named(runs, "ilike")).hasText("50.0%");
    assertThat(named(runs, "fuzzy_match")).hasText("100.0%");
    assertThat(named(runs, "not empty")).hasText("100.0%");
    page.locator(".eval-runs thead a").click();
    var items = page.locator("luthier-eval-items tbody tr");
    assertThat(items).hasCount(2);
    assertThat(items.first()).containsText("What is the capital of France?");
    assertThat(items.first()).containsText("Paris");
    button(page, "Failed").click();
    assertThat(items).hasCount(1);
    assertThat(items).containsText(SCRIPT);
    button(page, "Not judged").click();
    assertThat(page.getByText("No such rows yet.")).isVisible();
    return place();
  }

  /// The cell of the row with this name.
  private static Locator named(Locator table, String name) {
    return table.locator("xpath=./tr[normalize-space(th)='" + name + "']/td");
  }

  /// Where the page stands, with the slash between an eval and its run as `report_url` has it.
  private String place() {
    return page.url().replaceFirst(".*#", "#").replace("%2F", "/");
  }

  private List<String> accessibility(List<String> places) {
    List<String> findings = new ArrayList<>();
    for (var language : List.of("en", "bg", "he", "ms")) {
      for (var theme : List.of("light", "dark")) {
        page.evaluate(
            "([language, theme]) => { localStorage.setItem('luthier.language', language);"
                + " localStorage.setItem('luthier.theme', theme); }",
            List.of(language, theme));
        page.reload();
        for (var place : places) {
          show(place);
          Browser.accessibilityFindings(page)
              .forEach(found -> findings.add(language + " " + theme + " " + place + " " + found));
        }
      }
    }
    page.evaluate("localStorage.setItem('luthier.language', 'en')");
    page.setViewportSize(360, 740);
    page.reload();
    for (var place : places) {
      show(place);
      assertEquals(
          0,
          page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"),
          place);
    }
    page.setViewportSize(1360, 900);
    return findings;
  }

  /// Each of the three pages has a part of its own, so that the one before is not taken for it.
  private void show(String place) {
    go(page, place);
    var part =
        switch (place.split("/").length) {
          case 2 -> "table.evals";
          case 3 -> "table.eval-runs";
          default -> "table.eval-items";
        };
    assertThat(page.locator(part + " tbody tr").first()).isVisible();
  }
}
