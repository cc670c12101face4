package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The system's Chromium without a screen, and what it complained about. Nothing is downloaded.
final class Browser implements AutoCloseable {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
  private static final double WAIT_MILLIS = Patience.millis(30_000);

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser browser;
  private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();

  Browser() {
    var chromium = PLACES.stream().filter(Files::isExecutable).findFirst();
    assumeTrue(chromium.isPresent(), "skipped: there is no Chromium, which .ci/run installs");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    PlaywrightAssertions.setDefaultAssertionTimeout(WAIT_MILLIS);
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium.get())
                    .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
  }

  /// A page of a reader who has never been here, for the server at this address. Requests to
  /// anywhere else, errors of scripts and breaches of the policy are noted.
  Page page(URI server) {
    BrowserContext context =
        browser.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setBaseURL(server.toString())
                .setLocale("en-GB")
                .setViewportSize(1360, 900));
    context.setDefaultTimeout(WAIT_MILLIS);
    context.onRequest(request -> {
      if (!request.url().startsWith(server.toString()) && !request.url().startsWith("data:")) {
        complaints.add("a request left the machine: " + request.url());
      }
    });
    Page page = context.newPage();
    page.onPageError(error -> complaints.add("a script failed: " + error));
    page.onConsoleMessage(message -> {
      if (message.text().contains("Content Security Policy")) {
        complaints.add(message.text());
      }
    });
    return page;
  }

  /// What was noted since the browser was started.
  void assertNothingNoted() {
    assertEquals(List.of(), List.copyOf(complaints));
  }

  /// What axe finds against WCAG on the page as it stands, one line a rule and place.
  static List<String> accessibilityFindings(Page page) {
    page.evaluate(Axe.SCRIPT);
    Object found =
        page.evaluate(
            """
            async () => {
              const { violations } = await axe.run();
              return violations.flatMap((one) => one.nodes.map(
                  (node) => one.id + ': ' + node.html.slice(0, 200) + ' ' + node.failureSummary));
            }\
            """);
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  @Override
  public void close() {
    playwright.close();
  }

  private static final class Axe {
    static final String SCRIPT = read();

    private static String read() {
      try (var script = Browser.class.getResourceAsStream("/axe.min.js")) {
        return new String(
            Objects.requireNonNull(script, "axe.min.js").readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
