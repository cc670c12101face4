package dev.luthier.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.luthier.e2e.Reader.button;
import static dev.luthier.e2e.Reader.go;
import static dev.luthier.e2e.Reader.logIn;
import static dev.luthier.e2e.Reader.menu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.FilePayload;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The playground on a real server that has the base only: panes differ by their own settings.
final class PlaygroundTest {
  private static final String BASE = "smollm2-135m-instruct";
  private static final String SCRIPT = "<img src=x onerror=window.pwned=1>";
  private static final LocatorAssertions.IsVisibleOptions ANSWERED =
      new LocatorAssertions.IsVisibleOptions().setTimeout(Patience.millis(60_000));

  @TempDir static Path folder;
  private static Browser browser;
  private static Luthier server;

  private Page page;

  @BeforeAll
  static void begin() throws Exception {
    browser = new Browser();
    server = Luthier.serve(folder.resolve("data"));
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

  @BeforeEach
  void open() {
    page = browser.page(URI.create(server.url().replace("/v1", "")));
    logIn(page);
    go(page, "#/playground?models=" + BASE + "," + BASE);
    assertThat(page.locator(".pane")).hasCount(2);
    page.locator(".composer").getByLabel("Temperature").fill("0");
    page.locator(".composer").getByLabel("Most tokens").fill("24");
  }

  @AfterEach
  void nothingForeignRanAndNothingLeftTheMachine() {
    assertNull(page.evaluate("window.pwned"));
    assertEquals(List.of(), Browser.accessibilityFindings(page));
    page.context().close();
    browser.assertNothingNoted();
  }

  /// The second pane may say six tokens only: it lacks the rest of what the first one says.
  @Test
  void answersAreComparedWordByWord() {
    shorten(1, "6");
    ask("Name three birds.");
    button(page, "Differences").click();
    var short0 = page.locator(".pane").nth(1);
    assertThat(short0.locator("del")).hasCount(1);
    assertThat(short0.locator("ins")).hasCount(0);
    assertThat(short0).containsText(Pattern.compile("Words only here: 0; only in model 1: [1-9]"));
    var whole = answer(0);
    assertEquals(whole, answer(1));
    assertThat(page.locator(".pane").first())
        .containsText("The other answers are compared with this one.");
  }

  @Test
  void everyTokenTellsHowLikelyItWas() {
    ask("Name three birds.");
    button(page, "Probabilities").click();
    var pane = page.locator(".pane").first();
    assertThat(pane.locator(".token")).not().hasCount(0);
    assertEquals(answer(0), String.join("", pane.locator(".token").allTextContents()));
    pane.locator(".token").nth(1).hover();
    // At temperature 0 nothing was likelier than what was said.
    assertThat(pane.locator(".guess")).hasCount(5);
    var shares = pane.locator(".guess .number").allTextContents();
    assertTrue(percent(shares.getFirst()) >= percent(shares.get(1)), shares.toString());
    pane.locator(".tokens").focus();
    page.keyboard().press("End");
    assertThat(pane.locator(".token").last()).hasAttribute("aria-selected", "true");
    page.keyboard().press("ArrowLeft");
    assertThat(pane.locator(".token").last()).hasAttribute("aria-selected", "false");
  }

  @Test
  void aBlindVoteShowsNoNameBeforeItAndKeepsATallyThatCanBeForgotten() {
    shorten(1, "6");
    page.getByLabel("Blind vote").check();
    ask("Name three birds.");
    assertThat(button(page, "No difference")).isVisible(ANSWERED);
    assertFalse(page.locator(".panes").textContent().contains(BASE));
    assertThat(page.locator(".facts")).hasCount(0);
    assertThat(button(page, "Copy link")).isDisabled();
    int whole = answer(0).length() > answer(1).length() ? 0 : 1;
    button(page, "Answer " + "AB".charAt(whole)).click();
    assertThat(page.locator(".ballot")).hasText(Pattern.compile("Counted for [AB]:.*" + BASE));
    assertThat(page.locator(".tally tbody tr")).hasCount(2);
    assertThat(page.locator(".tally tbody tr").first())
        .hasText(Pattern.compile(BASE + "\\s*1\\s*1\\s*100%"));
    page.reload();
    page.getByLabel("Blind vote").check();
    assertThat(page.locator(".tally")).containsText("1 vote");
    page.onceDialog(com.microsoft.playwright.Dialog::accept);
    button(page, "Reset").click();
    assertThat(page.locator(".tally")).containsText("No votes yet");
  }

  @Test
  void theAddressHoldsTheConversationAndItsSettings() {
    shorten(1, "6");
    page.getByLabel("System prompt").fill("You like birds.");
    ask("Name three birds.");
    ask("And one more?");
    var said = List.of(answer(0), answer(1));
    button(page, "Copy link").click();
    assertThat(page.getByText("address bar")).isVisible();
    page.reload();
    assertThat(page.locator(".turn")).hasCount(8);
    assertEquals(said, List.of(answer(0), answer(1)));
    assertThat(page.getByLabel("System prompt")).hasValue("You like birds.");
    assertThat(page.locator(".own summary").nth(1)).containsText("Most tokens 6");
    // A conversation from an address goes on.
    ask("Thank you.");
    assertThat(page.locator(".turn")).hasCount(12);
  }

  /// A reader who has gone back in it is left there.
  @Test
  void aConversationFollowsWhatIsSaidAndOutlivesALookElsewhere() {
    page.setViewportSize(1360, 500);
    ask("Name three birds.");
    ask("And one more?");
    ask("And another one?");
    var turns = page.locator(".turns").first();
    assertEquals(
        true,
        turns.evaluate(
            "it => it.scrollHeight > it.clientHeight"
                + " && it.scrollTop + it.clientHeight >= it.scrollHeight - 1"));
    turns.evaluate(
        "it => new Promise(done => {"
            + " it.addEventListener('scroll', () => setTimeout(done), {once: true});"
            + " it.scrollTop = 0; })");
    button(page, "Differences").click();
    assertThat(page.locator(".pane").first()).containsText("compared with this one");
    assertEquals(0, turns.evaluate("it => it.scrollTop"));
    menu(page, "Files");
    page.goBack();
    assertThat(page.locator(".turn")).hasCount(12);
    assertThat(page.locator(".composer").getByLabel("Most tokens")).hasValue("24");
  }

  @Test
  void anAddressThatSomebodyMadeUpDoesNoHarm() throws Exception {
    go(page, "#/playground?state=AAAA");
    assertThat(page.getByText("This link is damaged")).isVisible();
    var state =
        """
        {"panes":[{"model":"S","own":{"seed":"S","topP":7},"turns":[{"role":"system","content":"hidden"},{"role":"user","content":"S"},7]}],
         "system":["S"],"prompt":"S","knobs":{"temperature":"<b>"}}\
        """
            .replace("S", SCRIPT);
    go(page, "#/playground?state=" + packed(state));
    assertThat(page.locator(".turn")).hasText(List.of("You " + SCRIPT).toArray(new String[0]));
    assertThat(page.getByLabel("System prompt")).hasValue("");
    assertThat(page.locator(".composer").getByLabel("Temperature")).hasValue("0.7");
    assertThat(page.getByText("This link is damaged")).isHidden();
  }

  @Test
  void whatAModelWritesIsShownAsText() {
    page.route(
        "**/v1/chat/completions",
        route ->
            route.fulfill(
                new com.microsoft.playwright.Route.FulfillOptions()
                    .setContentType("text/event-stream")
                    .setBody(
                        "data: {\"choices\":[{\"delta\":{\"content\":\""
                            + SCRIPT
                            + "\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")));
    page.getByLabel("Message").fill(SCRIPT);
    button(page, "Ask").click();
    assertThat(page.locator(".turn.assistant .words").last()).hasText(SCRIPT);
    assertThat(page.locator(".turn.user .words").last()).hasText(SCRIPT);
    page.unroute("**/v1/chat/completions");
  }

  @Test
  void aChatIsShownAsCode() {
    shorten(1, "6");
    page.getByLabel("System prompt").fill("You like \"birds\".");
    page.locator(".composer summary").click();
    page.locator(".composer").getByLabel("Stop at").fill("\\n");
    ask("It's a test?");
    button(page, "As code").click();
    button(page, "Model 2").click();
    var code = page.locator("pre");
    assertThat(code).containsText("client.chat.completions.create(");
    assertThat(code).containsText("max_completion_tokens=6");
    assertThat(code).containsText("stop=\"\\n\"");
    assertThat(code).containsText("\"content\": \"You like \\\"birds\\\".\"");
    List<String> shown = new ArrayList<>();
    for (String language : List.of("curl", "Node", "Java")) {
      button(page, language).click();
      assertThat(code).hasAttribute("aria-label", language);
      shown.add(code.textContent());
    }
    assertTrue(shown.getFirst().contains("It'\\''s a test?"), shown.getFirst());
    assertTrue(shown.get(1).contains("max_completion_tokens\": 6"), shown.get(1));
    assertTrue(shown.get(2).contains(".addUserMessage(\"It's a test?\")"), shown.get(2));
  }

  @Test
  void aFileOfPromptsGoesThroughAllPanesIntoATable() throws Exception {
    shorten(1, "6");
    var rows =
        """
        {"messages":[{"role":"user","content":"Name three birds."},{"role":"assistant","content":"No."}]}
        {"prompt":"=1+1 S"}
        not a row
        """
            .replace("S", SCRIPT);
    file("asked.jsonl", rows);
    assertThat(page.locator(".batch")).containsText("2 prompts");
    assertThat(page.locator(".batch")).containsText("Lines without a prompt: 3");
    button(page, "Run").click();
    assertThat(page.getByText("4 of 4 answers")).isVisible(ANSWERED);
    assertThat(page.locator(".answers tbody tr")).hasCount(2);
    assertThat(page.locator(".answers tbody tr").first()).containsText("No.");
    assertThat(page.locator(".answers tbody tr").nth(1)).containsText("=1+1 " + SCRIPT);
    assertThat(page.locator(".answers tfoot")).containsText("equal to what was expected: 0");

    var lines = downloaded("JSONL").lines().toList();
    assertEquals(2, lines.size());
    var words = page.locator(".answers tbody tr").first().locator(".words").allTextContents();
    assertEquals("No.", words.get(1));
    assertTrue(lines.getFirst().contains("\"completion_tokens\":6"), lines.getFirst());
    var csv = downloaded("CSV");
    // A spreadsheet would take it for a formula.
    assertTrue(csv.contains("\"2\",\"'=1+1 " + SCRIPT + "\""), csv);
  }

  @Test
  void aRunOverAFileStopsAndGoesOn() {
    file("asked.txt", "Count to ten.\n".repeat(40));
    button(page, "Run").click();
    var done = page.locator(".run-line [role=status]");
    assertThat(done).hasText(Pattern.compile("[1-9]\\d* of 80 answers"));
    button(page, "Stop").click();
    assertThat(button(page, "Go on")).isVisible(ANSWERED);
    int before = answers(done);
    assertTrue(before < 80, () -> before + " answers before the stop");
    button(page, "Go on").click();
    assertThat(done).not().hasText(before + " of 80 answers");
    button(page, "Stop").click();
    assertThat(button(page, "Go on")).isVisible(ANSWERED);
    assertTrue(answers(done) > before);
  }

  private static int answers(Locator done) {
    return Integer.parseInt(done.textContent().split(" ", 2)[0]);
  }

  private void file(String name, String text) {
    button(page, "File of prompts").click();
    page.locator("luthier-batch input[type=file]")
        .setInputFiles(new FilePayload(name, "text/plain", text.getBytes(StandardCharsets.UTF_8)));
  }

  private String downloaded(String kind) throws Exception {
    var download = page.waitForDownload(() -> button(page, kind).click());
    assertEquals("asked-answers." + kind.toLowerCase(Locale.ROOT), download.suggestedFilename());
    return Files.readString(download.path());
  }

  /// What the second pane does otherwise than the first.
  private void shorten(int pane, String tokens) {
    var own = page.locator(".own").nth(pane);
    own.locator("summary").click();
    own.getByLabel("Most tokens").fill(tokens);
  }

  private void ask(String question) {
    page.getByLabel("Message").fill(question);
    button(page, "Ask").click();
    assertThat(button(page, "Stop"))
        .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(Patience.millis(60_000)));
    assertThat(page.locator(".complaint:visible")).hasCount(0);
  }

  private String answer(int pane) {
    Locator words = page.locator(".pane").nth(pane).locator(".turn.assistant .words").last();
    return words.textContent();
  }

  private static double percent(String text) {
    return Double.parseDouble(text.replace("%", ""));
  }

  private static String packed(String text) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var deflated = new DeflaterOutputStream(bytes, new Deflater(9, true))) {
      deflated.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }
}
