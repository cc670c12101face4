package dev.luthier.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.luthier.e2e.Reader.button;
import static dev.luthier.e2e.Reader.go;
import static dev.luthier.e2e.Reader.logIn;
import static dev.luthier.e2e.Reader.menu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.FilePayload;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches, webhooks and usage in a real browser on a real server: a file is dropped, a receiver is
/// told of its end, and the tokens stand on their page.
final class BackgroundPagesTest {
  private static final LocatorAssertions.IsVisibleOptions ANSWERED =
      new LocatorAssertions.IsVisibleOptions().setTimeout(Patience.millis(120_000));

  @TempDir Path folder;
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private Browser browser;
  private Luthier server;
  private HttpServer receiver;
  private Page page;

  @BeforeEach
  void begin() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          received.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
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
    receiver.stop(0);
  }

  @Test
  void aDroppedFileIsAnsweredToldOfAndCounted() throws Exception {
    addWebhook();
    startBatch();
    assertTold("batch.completed");
    assertTold("batch.failed");
    menu(page, "Usage");
    assertThat(page.locator("luthier-usage tbody tr")).hasCount(1);
    assertThat(page.locator("luthier-usage tbody tr")).containsText("smollm2-135m-instruct");
    assertThat(page.locator(".days rect").first()).isAttached();
    menu(page, "Webhooks");
    page.locator("luthier-webhooks tbody").getByText("Deliveries").click();
    assertThat(page.locator("luthier-deliveries tbody tr")).hasCount(3);
    assertThat(page.locator("luthier-deliveries tbody tr").first()).containsText("Delivered");
    assertEquals(List.of(), accessibility(page.url().replaceFirst(".*#", "#")));
    assertNull(page.evaluate("window.pwned"));
    browser.assertNothingNoted();
  }

  private void addWebhook() throws Exception {
    menu(page, "Webhooks");
    page.getByLabel("Address").fill("http://127.0.0.1:" + receiver.getAddress().getPort() + "/a");
    page.getByLabel("Name").fill("<img src=x onerror=window.pwned=1>");
    button(page, "Add").click();
    assertThat(page.locator(".webhook-secret code")).hasText(Pattern.compile("whsec_.{44}"));
    page.locator("luthier-webhooks tbody").getByText("Test").click();
    assertThat(page.getByText("The receiver answered 204.")).isVisible();
    assertTold("fine_tuning.job.succeeded");
    // Who tries the receiver first can still copy it; who comes back cannot.
    assertThat(page.locator(".webhook-secret")).isVisible();
    menu(page, "Files");
    menu(page, "Webhooks");
    assertThat(page.locator("luthier-webhooks tbody tr")).hasCount(1);
    assertThat(page.locator(".webhook-secret")).hasCount(0);
  }

  private void assertTold(String type) throws InterruptedException {
    var event = received.poll(Patience.seconds(60), TimeUnit.SECONDS);
    assertTrue(event != null && event.contains(type), String.valueOf(event));
  }

  private void startBatch() throws Exception {
    menu(page, "Batches");
    assertThat(page.getByText("No batches yet")).isVisible();
    var lines =
        IntStream.range(0, 3)
            .mapToObj(number ->
                "{\"custom_id\":\"r%d\",\"method\":\"POST\",\"url\":\"/v1/completions\",\"body\":{\"model\":\"smollm2-135m-instruct\",\"prompt\":%s,\"max_tokens\":4}}"
                    .formatted(number, number == 2 ? "null" : "\"One\""))
            .collect(Collectors.joining("\n"));
    page.locator("luthier-batches input[type=file]")
        .setInputFiles(
            new FilePayload(
                "in.jsonl", "application/jsonl", lines.getBytes(StandardCharsets.UTF_8)));
    var row = page.locator("luthier-batches tbody tr");
    assertThat(row.getByText("Completed")).isVisible(ANSWERED);
    assertThat(row).containsText("3 of 3");
    assertThat(row).containsText("1 error");
    assertTrue(downloaded(row, "Answers").contains("\"custom_id\":\"r0\""));
    assertTrue(downloaded(row, "Errors").contains("\"custom_id\":\"r2\""));
    page.locator("luthier-batches input[type=file]")
        .setInputFiles(
            new FilePayload(
                "broken.jsonl", "application/jsonl", "[]".getBytes(StandardCharsets.UTF_8)));
    assertThat(row.first())
        .containsText(
            "Refused",
            new LocatorAssertions.ContainsTextOptions().setTimeout(Patience.millis(30_000)));
    assertThat(row.first()).containsText("Line 1: This line is not a JSON object.");
  }

  private String downloaded(Locator row, String name) throws Exception {
    var download = page.waitForDownload(() -> row.getByText(name).click());
    return Files.readString(download.path());
  }

  private List<String> accessibility(String deliveries) {
    List<String> findings = new ArrayList<>();
    for (var language : List.of("en", "bg", "he", "ms")) {
      for (var theme : List.of("light", "dark")) {
        page.evaluate(
            "([language, theme]) => { localStorage.setItem('luthier.language', language);"
                + " localStorage.setItem('luthier.theme', theme); }",
            List.of(language, theme));
        page.reload();
        for (var place : List.of("#/batches", "#/webhooks", "#/usage", deliveries)) {
          go(page, place);
          assertThat(page.locator("tbody tr").first()).isVisible();
          Browser.accessibilityFindings(page)
              .forEach(found -> findings.add(language + " " + theme + " " + place + " " + found));
        }
      }
    }
    page.setViewportSize(360, 740);
    for (var place : List.of("#/batches", "#/webhooks", "#/usage", deliveries)) {
      go(page, place);
      assertThat(page.locator("tbody tr").first()).isVisible();
      assertEquals(
          0,
          page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)"),
          place);
    }
    return findings;
  }
}
