package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.PageQuery;
import dev.luthier.http.request.Value;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.usage.Prices;
import dev.luthier.platform.usage.TokensUsed;
import dev.luthier.platform.usage.UsageQuery;
import dev.luthier.platform.usage.UsageReport;
import dev.luthier.platform.usage.UsageService;
import dev.luthier.wire.api.UsagePage;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/// `/v1/organization/usage/…` and `/v1/organization/costs`.
public final class UsageResource {
  /// What OpenAI offers and nobody can use here.
  static final List<String> UNUSED =
      List.of(
          "embeddings",
          "moderations",
          "images",
          "audio_speeches",
          "audio_transcriptions",
          "vector_stores",
          "code_interpreter_sessions",
          "file_search_calls",
          "web_search_calls");

  private static final List<String> GROUPS =
      List.of("project_id", "user_id", "api_key_id", "model", "batch", "service_tier");
  private static final List<String> COST_GROUPS = List.of("project_id", "line_item", "api_key_id");
  private static final String PAGE = "page_";
  private static final Width DAY = new Width(Duration.ofDays(1), 7, 31);
  private static final Width COST_DAY = new Width(Duration.ofDays(1), 7, 180);

  private final UsageService usage;
  private final Prices prices;
  private final Clock clock;

  /// How wide a stretch is, and how many of them a page has.
  private record Width(Duration time, int limitDefault, int limitMax) {}

  public UsageResource(UsageService usage, Prices prices, Clock clock) {
    this.usage = usage;
    this.prices = prices;
    this.clock = clock;
  }

  void completions(Context context) {
    var groups = groups(context, GROUPS);
    var query = query(context, width(context), groups.contains("model"), groups.contains("batch"));
    answer(context, query, UsageResource::completions);
  }

  private static List<UsagePage.Completions> completions(UsageReport.Stretch stretch) {
    return stretch.lines().stream()
        .map(line ->
            new UsagePage.Completions(
                "organization.usage.completions.result",
                line.tokens().input(),
                line.tokens().cached(),
                line.tokens().output(),
                line.tokens().requests(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                line.model(),
                line.batch(),
                Optional.empty()))
        .toList();
  }

  /// Of what is not offered, and so never used: stretches of time without results.
  void nothing(Context context) {
    answer(context, query(context, width(context), false, false), _ -> List.of());
  }

  void costs(Context context) {
    PageQuery.oneOf(context, "bucket_width", List.of("1d"));
    boolean byItem = groups(context, COST_GROUPS).contains("line_item");
    answer(
        context,
        query(context, COST_DAY, byItem, false),
        stretch -> byItem ? items(stretch) : total(stretch));
  }

  private List<UsagePage.Costs> total(UsageReport.Stretch stretch) {
    return stretch.lines().stream()
        .map(line ->
            new UsagePage.Costs(
                "organization.costs.result",
                new UsagePage.Amount(
                    prices.ofInput(line.tokens()).add(prices.ofOutput(line.tokens())),
                    prices.currency()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()))
        .toList();
  }

  private List<UsagePage.Costs> items(UsageReport.Stretch stretch) {
    return stretch.lines().stream()
        .flatMap(line -> items(line.model().orElse(""), line.tokens()))
        .toList();
  }

  private Stream<UsagePage.Costs> items(String model, TokensUsed tokens) {
    return Stream.of(
        item(
            model + ", input",
            new UsagePage.Amount(prices.ofInput(tokens), prices.currency()),
            tokens.input()),
        item(
            model + ", output",
            new UsagePage.Amount(prices.ofOutput(tokens), prices.currency()),
            tokens.output()));
  }

  private static UsagePage.Costs item(String name, UsagePage.Amount amount, long tokens) {
    return new UsagePage.Costs(
        "organization.costs.result",
        amount,
        Optional.of(name),
        Optional.empty(),
        Optional.empty(),
        Optional.of(tokens),
        Optional.of("tokens"));
  }

  private <T> void answer(
      Context context, UsageQuery query, Function<UsageReport.Stretch, List<T>> results) {
    var report = usage.report(query);
    List<UsagePage.Bucket<T>> buckets = new ArrayList<>();
    for (var stretch : report.stretches()) {
      buckets.add(
          new UsagePage.Bucket<>(
              "bucket",
              stretch.start().getEpochSecond(),
              stretch.end().getEpochSecond(),
              // Projects, users and keys are not told apart: what one of them did is not known.
              filtered(context) ? List.of() : results.apply(stretch)));
    }
    Answers.json(
        context,
        new UsagePage<>(
            "page",
            buckets,
            report.next().isPresent(),
            report.next().map(start -> PAGE + start.getEpochSecond())));
  }

  private static boolean filtered(Context context) {
    return Stream.of("project_ids", "user_ids", "api_key_ids")
        .anyMatch(name -> !all(context, name).isEmpty());
  }

  private UsageQuery query(Context context, Width width, boolean byModel, boolean byBatch) {
    Instant from =
        time(context, "start_time").orElseThrow(() -> ApiException.missing("start_time"));
    return new UsageQuery(
        page(context).orElse(from),
        time(context, "end_time").orElseGet(clock::instant),
        width.time(),
        Set.copyOf(all(context, "models")),
        PageQuery.oneOf(context, "batch", List.of("true", "false")).map(Boolean::valueOf),
        byModel,
        byBatch,
        PageQuery.read(context, width.limitDefault(), width.limitMax()).limit());
  }

  private static Width width(Context context) {
    var text = PageQuery.oneOf(context, "bucket_width", List.of("1m", "1h", "1d")).orElse("1d");
    return switch (text) {
      case "1m" -> new Width(Duration.ofMinutes(1), 60, 1440);
      case "1h" -> new Width(Duration.ofHours(1), 24, 168);
      default -> DAY;
    };
  }

  private static List<String> groups(Context context, List<String> supported) {
    var groups = all(context, "group_by");
    groups.stream()
        .filter(group -> !supported.contains(group))
        .findFirst()
        .ifPresent(group -> {
          throw ApiException.invalidValue("group_by", Value.shortened(group), supported);
        });
    return groups;
  }

  /// Every value of a parameter, which may be repeated, with or without brackets.
  private static List<String> all(Context context, String name) {
    return Stream.concat(
            context.queryParams(name).stream(), context.queryParams(name + "[]").stream())
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private static Optional<Instant> time(Context context, String name) {
    return PageQuery.parameter(context, name).map(text -> instant(name, text));
  }

  private static Instant instant(String name, String text) {
    if (!text.matches("[0-9]{1,11}")) {
      throw ApiException.invalidValue(
          name, Value.shortened(text), "It is not a time in Unix seconds.");
    }
    return Instant.ofEpochSecond(Long.parseLong(text));
  }

  private static Optional<Instant> page(Context context) {
    return PageQuery.parameter(context, "page")
        .map(text -> {
          if (!text.startsWith(PAGE)) {
            throw ApiException.invalidValue(
                "page", Value.shortened(text), "It is not the 'next_page' of an answer.");
          }
          return instant("page", text.substring(PAGE.length()));
        });
  }
}
