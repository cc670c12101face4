package dev.luthier.e2e;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Looks for English on pages in languages of other alphabets. What a person or a program named is
/// isolated or marked as code by the pages, and no concern of theirs.
final class Words {
  /// Names, formats and units that every language writes so.
  private static final Set<String> KNOWN =
      Set.of(
          ("luthier serve openai lora dpo json jsonl csv tensorboard weights biases curl python node"
                  + " java sha api kl adapter header project ctrl enter top english bahasa melayu"
                  + " webhooks webhook utc byte log lr id url key fuzzy_match bleu gleu meteor"
                  + " webhook_addresses messages system user assistant tool verify response_format")
              .split(" "));

  private Words() {}

  /// The words of Latin letters in sight, once each.
  static List<String> english(Page page) {
    Object found =
        page.evaluate(
            """
            () => {
              const apart = 'bdi, code, pre, option, select, textarea, [lang=en], .pieces, .words';
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              const words = [];
              for (let node; (node = walker.nextNode());) {
                const place = node.parentElement;
                if (!place.checkVisibility() || place.closest(apart)) continue;
                const text = node.data.replace(/\\u2068[^\\u2069]*\\u2069/g, ' ');
                words.push(...(text.match(/[A-Za-z_]{3,}/g) ?? []));
              }
              return words;
            }\
            """);
    var words = new TreeSet<String>();
    ((List<?>) found).forEach(word -> words.add(String.valueOf(word).toLowerCase(Locale.ROOT)));
    words.removeAll(KNOWN);
    return List.copyOf(words);
  }
}
