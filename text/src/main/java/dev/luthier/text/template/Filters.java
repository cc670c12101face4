package dev.luthier.text.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What may stand behind `|`.
final class Filters {
  interface Filter {
    Value apply(Value subject, Arguments arguments, Evaluator evaluator);
  }

  /// Filters of jinja2 that make web pages; they exist, but no chat template needs them.
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "filesizeformat",
          "forceescape",
          "pprint",
          "random",
          "striptags",
          "urlencode",
          "urlize",
          "wordwrap",
          "xmlattr");

  private static final Map<String, Filter> FILTERS = filters();

  private Filters() {}

  static Optional<Filter> find(String name) {
    return Optional.ofNullable(FILTERS.get(name));
  }

  private static Map<String, Filter> filters() {
    Map<String, Filter> filters = new HashMap<>();
    TextFilters.addTo(filters);
    ListFilters.addTo(filters);
    SelectFilters.addTo(filters);
    NumberFilters.addTo(filters);
    for (String name : UNSUPPORTED) {
      filters.put(
          name,
          (_, _, _) -> {
            throw new Refusal("the filter '" + name + "' is not supported in chat templates");
          });
    }
    return Map.copyOf(filters);
  }
}
