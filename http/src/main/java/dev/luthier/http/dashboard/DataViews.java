package dev.luthier.http.dashboard;

import dev.luthier.http.Answers;
import dev.luthier.http.api.ContentDisposition;
import dev.luthier.http.request.PageQuery;
import dev.luthier.platform.data.DataReport;
import dev.luthier.platform.data.DataService;
import dev.luthier.platform.errors.ApiException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is in a file of rows: findings, and the rows as training sees them.
public final class DataViews {
  private static final int ROWS_MAX = 50;
  private static final int ROWS_DEFAULT = 10;

  private final DataService data;
  private final EstimateViews estimates;

  public DataViews(DataService data, EstimateViews estimates) {
    this.data = data;
    this.estimates = estimates;
  }

  /// What training on the files will take.
  EstimateViews estimates() {
    return estimates;
  }

  private record Report(
      int examples,
      long tokens,
      long trainedTokens,
      long tokensLost,
      List<DataReport.DataFinding> findings,
      List<DataReport.DataCount> counts,
      long furtherErrors,
      long furtherWarnings,
      Optional<String> failure,
      Optional<Integer> autoEpochs,
      Optional<Integer> autoBatchSize,
      Optional<Double> autoLearningRateMultiplier,
      Optional<DataReport.Lengths> lengths) {}

  /// `model` names the base or fine-tune to train, `part` is `training` or `validation`, `training`
  /// the training file beside a validation file; `method` is `dpo` for rows of two answers,
  /// `reinforcement` for prompts, with its `grader` to name the fields that rows lack.
  void check(Context context) {
    boolean validation =
        PageQuery.oneOf(context, "part", List.of("training", "validation"))
            .filter("validation"::equals)
            .isPresent();
    DataReport report =
        data.report(
            context.pathParam("id"),
            model(context),
            MethodQuery.read(context),
            validation,
            PageQuery.parameter(context, "training"));
    Answers.compact(
        context,
        new Report(
            report.examples(),
            report.tokens(),
            report.trainedTokens(),
            report.tokensLost(),
            report.findings(),
            report.counts(),
            report.further(true),
            report.further(false),
            report.failure(),
            report.auto().flatMap(auto -> auto.epochs()),
            report.auto().flatMap(auto -> auto.batchSize()),
            report.auto().flatMap(auto -> auto.learningRateMultiplier()),
            report.lengths()));
  }

  /// What a mended copy changes, by line; the copy itself is that of [#mended].
  void mends(Context context) {
    Answers.compact(
        context,
        data.mend(
            context.pathParam("id"), MethodQuery.read(context), OutputStream.nullOutputStream()));
  }

  /// The mended copy, to download.
  void mended(Context context) throws IOException {
    String id = context.pathParam("id");
    var method = MethodQuery.read(context);
    String name = data.filename(id).replaceFirst("(\\.jsonl)?$", "-mended.jsonl");
    context.contentType("application/octet-stream");
    context.header("content-disposition", ContentDisposition.attachment(name));
    data.mend(id, method, context.outputStream());
  }

  /// Up to `limit` examples from number `from` on.
  void rows(Context context) {
    int from = number(context, "from", 1, Integer.MAX_VALUE);
    int count = number(context, "limit", ROWS_DEFAULT, ROWS_MAX);
    Answers.compact(
        context,
        Map.of(
            "data",
            data.rows(
                context.pathParam("id"), model(context), MethodQuery.read(context), from, count)));
  }

  private static String model(Context context) {
    return PageQuery.parameter(context, "model").orElseThrow(() -> ApiException.missing("model"));
  }

  private static int number(Context context, String name, int usual, int max) {
    return PageQuery.parameter(context, name)
        .map(text -> MethodQuery.number(name, text, max))
        .orElse(usual);
  }
}
