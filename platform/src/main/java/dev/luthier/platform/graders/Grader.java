package dev.luthier.platform.graders;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// How an answer is judged. Read by [GraderReader], applied by [Graders]. A python grader is not
/// among these: it is refused when it is read, as this server has no sandbox for foreign code.
public sealed interface Grader {
  /// Under which a judgement and its score are told.
  String name();

  /// As the API writes it.
  String type();

  /// Whether two texts are equal, or one holds the other: 1 or 0.
  record StringCheck(String name, Template input, Template reference, Operation operation)
      implements Grader {
    @Override
    public String type() {
      return "string_check";
    }

    /// Which comparison; upper and lower case differ except in `ILIKE`.
    public enum Operation {
      EQ,
      NE,
      LIKE,
      ILIKE;

      /// As the API writes it.
      public String text() {
        return name().toLowerCase(Locale.ROOT);
      }

      boolean holds(String input, String reference) {
        return switch (this) {
          case EQ -> input.equals(reference);
          case NE -> !input.equals(reference);
          case LIKE -> input.contains(reference);
          case ILIKE -> input.toLowerCase(Locale.ROOT).contains(reference.toLowerCase(Locale.ROOT));
        };
      }
    }
  }

  /// How alike two texts are: 0 to 1.
  record TextSimilarity(String name, Template input, Template reference, Metric metric)
      implements Grader {
    @Override
    public String type() {
      return "text_similarity";
    }
  }

  /// A number that a model gives.
  record ScoreModel(
      String name, String model, List<MessageTemplate> input, Range range, JudgeSampling sampling)
      implements Grader {
    public ScoreModel {
      input = List.copyOf(input);
    }

    @Override
    public String type() {
      return "score_model";
    }
  }

  /// One of a few labels that a model chooses: 1 if it is a passing one, else 0.
  record LabelModel(
      String name,
      String model,
      List<MessageTemplate> input,
      List<String> labels,
      Set<String> passingLabels,
      JudgeSampling sampling)
      implements Grader {
    public LabelModel {
      input = List.copyOf(input);
      labels = List.copyOf(labels);
      passingLabels = Set.copyOf(passingLabels);
    }

    @Override
    public String type() {
      return "label_model";
    }
  }

  /// A formula over the rewards of others, none of which is one of these.
  ///
  /// @param graders by the names that the formula calls them, in their order
  record Multi(String name, Map<String, Grader> graders, Formula formula) implements Grader {
    public Multi {
      graders = Collections.unmodifiableMap(new LinkedHashMap<>(graders));
    }

    @Override
    public String type() {
      return "multi";
    }

    /// By which names a formula may call each grader, and whose reward each of them means: its own;
    /// that with `_score`, as examples of OpenAI's write it; and its type's with `_score`, where it
    /// is the only one of its type.
    static Map<String, String> names(Map<String, Grader> graders) {
      Map<String, String> names = new LinkedHashMap<>();
      graders.keySet().forEach(name -> names.put(name, name));
      graders.keySet().forEach(name -> names.putIfAbsent(name + "_score", name));
      for (var grader : graders.entrySet()) {
        String type = grader.getValue().type();
        if (graders.values().stream().filter(other -> other.type().equals(type)).count() == 1) {
          names.putIfAbsent(type + "_score", grader.getKey());
        }
      }
      return names;
    }

    /// The rewards of all graders by every name that the formula may call them.
    Map<String, Double> rewards(Map<String, Double> scores) {
      Map<String, Double> rewards = new LinkedHashMap<>();
      names(graders).forEach((alias, name) -> rewards.put(alias, scores.getOrDefault(name, 0.0)));
      return rewards;
    }
  }

  /// Where the scores of a model may lie; what lies beyond is moved to the nearer end.
  record Range(double least, double most) {
    public static final Range DEFAULT = new Range(0, 1);

    public Range {
      if (!(least < most) || Double.isInfinite(least) || Double.isInfinite(most)) {
        throw new IllegalArgumentException("a range from " + least + " to " + most);
      }
    }

    double clip(double score) {
      return Math.clamp(score, least, most);
    }
  }

  /// How a judging model chooses its tokens.
  ///
  /// @param tokensMax of its answer; empty: [Graders#JUDGE_TOKENS]
  record JudgeSampling(double temperature, double topP, OptionalLong seed, OptionalInt tokensMax) {
    /// The likeliest judgement, so that the same answer is judged the same.
    public static final JudgeSampling DEFAULT =
        new JudgeSampling(0, 1, OptionalLong.empty(), OptionalInt.empty());
  }
}
