package dev.luthier.text.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// Takes out of a grammar what no finite text can satisfy, such as an object that must contain
/// itself. After that, every beginning that the grammar takes can be completed.
final class Satisfaction {
  private final Set<Part> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Part> satisfied = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Part> innermostFirst = new ArrayList<>();

  private Satisfaction() {}

  /// Answers whether anything is left.
  static boolean prune(Part root) {
    var satisfaction = new Satisfaction();
    satisfaction.visit(root);
    satisfaction.spread();
    for (Part part : satisfaction.innermostFirst) {
      switch (part) {
        case Part.Choice choice -> choice.keep(satisfaction.satisfied::contains);
        case Properties properties -> properties.shape().keep(satisfaction.satisfied::contains);
        case Part.Reading _, Part.Sequence _, Part.Repeat _, Part.Rule _ -> {}
      }
    }
    return satisfaction.satisfied.contains(root);
  }

  private void visit(Part part) {
    if (seen.add(part)) {
      switch (part) {
        case Part.Reading _ -> {}
        case Part.Sequence sequence -> sequence.parts().forEach(this::visit);
        case Part.Choice choice -> choice.parts().forEach(this::visit);
        case Part.Repeat repeat -> visit(repeat.part());
        case Part.Rule rule -> visit(rule.body());
        case Properties properties ->
            properties.shape().properties().forEach(each -> visit(each.value()));
      }
      innermostFirst.add(part);
    }
  }

  private void spread() {
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Part part : innermostFirst) {
        if (!satisfied.contains(part) && isSatisfied(part)) {
          satisfied.add(part);
          grown = true;
        }
      }
    }
  }

  private boolean isSatisfied(Part part) {
    return switch (part) {
      case Part.Literal _, Part.Bytes _ -> true;
      case Numeral numeral -> "-0123456789".chars().anyMatch(c -> numeral.next(c).isPresent());
      case Part.Sequence sequence -> sequence.parts().stream().allMatch(satisfied::contains);
      case Part.Choice choice -> choice.parts().stream().anyMatch(satisfied::contains);
      case Part.Repeat repeat -> repeat.min() == 0 || satisfied.contains(repeat.part());
      case Part.Rule rule -> satisfied.contains(rule.body());
      case Properties properties -> properties.shape().isSatisfied(satisfied::contains);
    };
  }
}
