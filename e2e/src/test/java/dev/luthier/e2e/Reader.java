package dev.luthier.e2e;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;

/// What a reader does on the pages, by the names that stand there.
final class Reader {

  private Reader() {}

  static Locator button(Page page, String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  static void tab(Page page, String name) {
    page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(Pattern.compile("^" + name)))
        .click();
  }

  static void menu(Page page, String name) {
    page.getByRole(AriaRole.NAVIGATION)
        .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(name))
        .click();
  }

  static void go(Page page, String place) {
    page.evaluate("place => { location.hash = place; }", place);
  }

  static void logIn(Page page) {
    page.navigate("/");
    page.getByLabel("API key").fill(Luthier.KEY);
    button(page, "Log in").click();
  }
}
