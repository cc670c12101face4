package dev.luthier.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.luthier.e2e.Reader.logIn;
import static dev.luthier.e2e.Reader.menu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A base fetched from the page: stopped, gone on with, cut off by a stop of the server, whole in
/// the end. The hub is a stand-in on this machine, and the model behind the name the default base.
final class BasesPageTest {
  private static final String BASE = "smollm2-360m-instruct";
  private static final List<Long> HOLDS = List.of(40_000_000L, 90_000_000L);

  @TempDir Path folder;

  @Test
  void aBaseIsFetchedWithProgressStoppedAndGoesOnWhereItEnded() throws Exception {
    Path data = folder.resolve("data");
    Luthier.haveBase(data);
    Path model = data.resolve("bases/smollm2-135m-instruct");
    String template = Files.readString(model.resolve("chat_template.jinja"));
    String config = new ObjectMapper().writeValueAsString(Map.of("chat_template", template));
    try (var browser = new Browser();
        var hub = new HubStandIn(model, config, HOLDS)) {
      try (var server = Luthier.serve(data, "--hub-url", hub.url())) {
        Page page = open(browser, server);
        Locator line = line(page);
        assertThat(line).containsText("Apache-2.0");
        assertThat(line).containsText("725 MB");
        assertThat(line).containsText("Not fetched");
        press(line, "Download");
        assertThat(line).containsText(Pattern.compile("Downloading \\W?model.safetensors"));
        assertThat(line).containsText(Pattern.compile("4\\d MB of 269 MB"));
        assertEquals(List.of(), Browser.accessibilityFindings(page));
        press(line, "Stop");
        assertThat(line).containsText(Pattern.compile("Stopped: 4\\d MB are kept"));
        press(line, "Go on");
        assertThat(line).containsText(Pattern.compile("9\\d MB of 269 MB"));
        assertEquals(1, hub.ranges.size(), hub.ranges.toString());
      }
      // The stop of the server cut it off; the next start goes on by itself.
      try (var server = Luthier.serve(data, "--hub-url", hub.url())) {
        Page page = open(browser, server);
        assertThat(line(page))
            .containsText(
                "Here",
                new LocatorAssertions.ContainsTextOptions().setTimeout(Patience.millis(90_000)));
        assertEquals(2, hub.ranges.size(), hub.ranges.toString());
        assertTrue(Long.parseLong(hub.ranges.getLast().replaceAll("\\D", "")) >= HOLDS.getLast());
        assertThat(page.getByLabel("Stands for").locator("option"))
            .containsText(new String[] {BASE});
        assertFalse(Jobs.ask(server.client(), BASE, "Be brief.", "Hello").isEmpty());
      }
      browser.assertNothingNoted();
    }
  }

  private static Page open(Browser browser, Luthier server) {
    Page page = browser.page(URI.create(server.url().replace("/v1", "")));
    logIn(page);
    menu(page, "Models");
    return page;
  }

  private static Locator line(Page page) {
    return page.locator("tr[data-base='" + BASE + "']");
  }

  private static void press(Locator line, String name) {
    line.locator("button").filter(new Locator.FilterOptions().setHasText(name)).click();
  }
}
