package dev.luthier.e2e;

import tools.jackson.databind.json.JsonMapper;

/// Rows of preferences: answers in French are better than answers in English.
final class Pairs {
  static final String SYSTEM = "You answer in one short sentence.";

  /// Question, answer to prefer, the other.
  private static final String[][] ROWS = {
    {"What is a cat?", "Le chat est un animal.", "The cat is an animal."},
    {"What is a rose?", "La rose est une fleur.", "The rose is a flower."},
    {"What is Paris?", "Paris est une ville.", "Paris is a city."},
    {"What is bread?", "Le pain est un aliment.", "Bread is a food."},
    {"What is the moon?", "La lune est un astre.", "The moon is a heavenly body."},
    {"What is a horse?", "Le cheval est un animal.", "The horse is an animal."},
    {"What is red?", "Le rouge est une couleur.", "Red is a colour."},
    {"What is a river?", "Le fleuve est un cours d'eau.", "The river is a stream of water."},
    {"What is winter?", "L'hiver est une saison.", "Winter is a season."},
    {"What is a violin?", "Le violon est un instrument.", "The violin is an instrument."},
  };

  private Pairs() {}

  static String jsonl() {
    var text = new StringBuilder();
    for (String[] row : ROWS) {
      text.append(
          """
          {"input":{"messages":[{"role":"system","content":%s},{"role":"user","content":%s}]},\
          "preferred_output":[{"role":"assistant","content":%s}],\
          "non_preferred_output":[{"role":"assistant","content":%s}]}
          """
              .formatted(quoted(SYSTEM), quoted(row[0]), quoted(row[1]), quoted(row[2])));
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }
}
