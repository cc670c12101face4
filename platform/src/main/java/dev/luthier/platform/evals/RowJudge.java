package dev.luthier.platform.evals;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.batches.LineAnswers;
import dev.luthier.platform.chat.CallOrigin;
import dev.luthier.platform.graders.Grade;
import dev.luthier.platform.graders.GradeErrors;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.graders.Sample;
import dev.luthier.platform.graders.Scope;
import dev.luthier.platform.graders.TemplateException;
import dev.luthier.text.rows.SchemaCheck;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Asks a model a row, as everybody asks it for a chat completion, and judges what it says. Safe
/// for many threads.
public final class RowJudge {
  private static final String ENDPOINT = "/v1/chat/completions";
  private static final int OK = 200;

  private final LineAnswers answers;
  private final Graders graders;
  private final Identifiers identifiers;
  private final Clock clock;

  /// What is done with each row of a run.
  ///
  /// @param itemSchema what each row must be
  record Order(
      EvalRun run,
      JsonNode itemSchema,
      Optional<RunSource.Question> question,
      List<Criterion> criteria) {
    Order {
      criteria = List.copyOf(criteria);
    }
  }

  /// Asks with patience: `answers` should ask again where a server was busy.
  public RowJudge(LineAnswers answers, Graders graders, Identifiers identifiers, Clock clock) {
    this.answers = answers;
    this.graders = graders;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  Judged judge(Order order, int number, RowReader.Row row) throws InterruptedException {
    SampleObject sampled = sampled(order, row);
    List<Judgment> judgments = new ArrayList<>();
    if (sampled.error().isEmpty()) {
      Sample sample = Sample.given(sampled.namespace());
      for (Criterion criterion : order.criteria()) {
        // Judging models have time too.
        CallOrigin.BATCH.run(() ->
            judgments.add(
                new Judgment(criterion, graders.grade(criterion.grader(), sample, row.item()))));
      }
    }
    return new Judged(
        new OutputItem(
            identifiers.outputItem(),
            order.run().id(),
            order.run().evalId(),
            number,
            clock.instant(),
            outcome(sampled, judgments),
            body(number, row, sampled, judgments)),
        usage(sampled, judgments),
        judgments.stream().map(Judgment::passed).toList());
  }

  /// A row that is not what it must be is not asked.
  private SampleObject sampled(Order order, RowReader.Row row) throws InterruptedException {
    Optional<String> fault = SchemaCheck.fault(row.item(), order.itemSchema());
    if (fault.isPresent()) {
      return SampleObject.failed(
          JsonNodeFactory.instance.objectNode(),
          "invalid_item",
          "The item breaks the eval's item_schema: " + fault.get() + ".");
    }
    return order.question().isPresent()
        ? asked(order.question().get(), row)
        : SampleObject.brought(row.sample());
  }

  private SampleObject asked(RunSource.Question question, RowReader.Row row)
      throws InterruptedException {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    JsonNode messages;
    try {
      messages = question.input().messages(Scope.of(row.item()));
    } catch (TemplateException e) {
      return SampleObject.failed(request, "invalid_variable", e.text());
    }
    request.put("model", question.model());
    request.set("messages", messages);
    request.setAll(question.settings());
    LineAnswers.Answer answer = answers.ask(ENDPOINT, request);
    if (answer.status() != OK) {
      JsonNode error = answer.body().path("error");
      return SampleObject.failed(
          request,
          error.path("code").asString("http_" + answer.status()),
          error.path("message").asString("The model was not answered: status " + answer.status()));
    }
    return SampleObject.said(request, answer.body());
  }

  /// What a criterion makes of a sample.
  private record Judgment(Criterion criterion, Grade grade) {
    boolean passed() {
      return !errored() && criterion.passes(grade);
    }

    /// A sample that is not the JSON that was wanted has failed; anything else is not its fault.
    boolean errored() {
      return grade.errors().kinds().stream()
          .anyMatch(kind -> kind != GradeErrors.Kind.SAMPLE_PARSE);
    }

    ObjectNode json() {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      result.put("name", criterion.grader().name()).put("type", criterion.grader().type());
      result.put("score", grade.reward()).put("passed", passed());
      if (grade.asked().isEmpty()) {
        result.putNull("sample");
      } else {
        result.set("sample", SampleObject.judgement(grade.asked().getFirst()).json());
      }
      grade.errors().details().ifPresent(details -> result.put("error", details));
      return result;
    }
  }

  private static OutputItem.Outcome outcome(SampleObject sample, List<Judgment> judgments) {
    if (sample.error().isPresent() || judgments.stream().anyMatch(Judgment::errored)) {
      return OutputItem.Outcome.ERROR;
    }
    return judgments.stream().allMatch(Judgment::passed)
        ? OutputItem.Outcome.PASS
        : OutputItem.Outcome.FAIL;
  }

  private static String body(
      int number, RowReader.Row row, SampleObject sample, List<Judgment> judgments) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("datasource_item_id", number);
    body.set("datasource_item", row.item());
    var results = body.putArray("results");
    judgments.forEach(judgment -> results.add(judgment.json()));
    body.set("sample", sample.json());
    return body.toString();
  }

  private static List<EvalRun.ModelUsage> usage(SampleObject sample, List<Judgment> judgments) {
    List<EvalRun.ModelUsage> usage = new ArrayList<>();
    sample.usage().ifPresent(usage::add);
    for (Judgment judgment : judgments) {
      for (Grade.Asked asked : judgment.grade().asked()) {
        var tokens = asked.answer().usage();
        usage.add(
            new EvalRun.ModelUsage(
                asked.answer().model(),
                1,
                tokens.promptTokens(),
                tokens.completionTokens(),
                tokens.cachedTokens()));
      }
    }
    return usage;
  }
}
