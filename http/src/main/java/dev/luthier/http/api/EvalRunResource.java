package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.platform.evals.EvalRun;
import dev.luthier.platform.evals.EvalRunState;
import dev.luthier.platform.evals.EvalService;
import dev.luthier.platform.evals.EvalStore;
import dev.luthier.platform.evals.OutputItem;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.wire.Json;
import dev.luthier.wire.api.CursorPage;
import dev.luthier.wire.api.DeletedEvalRun;
import dev.luthier.wire.api.EvalRunObject;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/evals/{id}/runs` and what came out of them.
public final class EvalRunResource {
  /// Parts of a source whose content is the client's own.
  private static final Set<String> FREE = Set.of("item", "sample", "metadata", "response_format");

  private final EvalService evals;
  private final IdempotentCreations creations;
  private final ModelAccess access;

  public EvalRunResource(EvalService evals, IdempotentCreations creations, ModelAccess access) {
    this.evals = evals;
    this.creations = creations;
    this.access = access;
  }

  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    var source = withoutNulls(body.required("data_source").object().json());
    var id = evalId(context);
    access.checkAll(context, source);
    access.checkAll(context, Json.tree(evals.get(id).criteria()));
    var run =
        creations.once(
            IdempotencyKey.of(context),
            id + "\n" + body.json(),
            new IdempotentCreations.Thing<>(
                "eval.run",
                () -> evals.createRun(id, EvalResource.label(body), source),
                EvalRun::id,
                made -> evals.getRun(id, made)));
    Answers.json(context, object(context, run));
    context.status(HttpStatus.CREATED);
  }

  /// Null says that a setting is not there, and answers leave such settings out; what rows hold
  /// stays as it is.
  private static JsonNode withoutNulls(JsonNode source) {
    if (source.isArray()) {
      var some = JsonNodeFactory.instance.arrayNode();
      source.forEach(element -> some.add(withoutNulls(element)));
      return some;
    }
    if (!source.isObject()) {
      return source;
    }
    var kept = JsonNodeFactory.instance.objectNode();
    for (var field : source.properties()) {
      if (!field.getValue().isNull()) {
        boolean free = FREE.contains(field.getKey());
        kept.set(field.getKey(), free ? field.getValue() : withoutNulls(field.getValue()));
      }
    }
    return kept;
  }

  void list(Context context) {
    var page =
        evals.listRuns(
            new EvalStore.RunQuery(
                evalId(context),
                PageQuery.read(context, EvalResource.LIMIT_DEFAULT, EvalResource.LIMIT_MAX),
                EvalResource.newestFirst(context),
                PageQuery.oneOf(context, "status", EvalRunState.texts()).map(EvalRunState::of)));
    Answers.json(
        context,
        CursorPage.of(
            page.data().stream().map(run -> object(context, run)).toList(),
            EvalRunObject::id,
            page.hasMore()));
  }

  void get(Context context) {
    Answers.json(context, object(context, evals.getRun(evalId(context), runId(context))));
  }

  void cancel(Context context) {
    Answers.json(context, object(context, evals.cancelRun(evalId(context), runId(context))));
  }

  void delete(Context context) {
    evals.deleteRun(evalId(context), runId(context));
    Answers.json(context, new DeletedEvalRun(runId(context)));
  }

  void items(Context context) {
    var page =
        evals.items(
            evalId(context),
            new EvalStore.ItemQuery(
                runId(context),
                PageQuery.read(context, EvalResource.LIMIT_DEFAULT, EvalResource.LIMIT_MAX),
                EvalResource.newestFirst(context),
                PageQuery.oneOf(context, "status", List.of("fail", "pass", "error"))
                    .map(OutputItem.Outcome::of)));
    Answers.json(
        context,
        CursorPage.of(
            page.data().stream().map(EvalRunResource::object).toList(),
            item -> item.get("id").asString(),
            page.hasMore()));
  }

  void item(Context context) {
    Answers.json(
        context, object(evals.item(evalId(context), runId(context), context.pathParam("item"))));
  }

  private static String evalId(Context context) {
    return context.pathParam("id");
  }

  private static String runId(Context context) {
    return context.pathParam("run");
  }

  private static ObjectNode object(OutputItem item) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("object", "eval.run.output_item");
    object.put("id", item.id());
    object.put("run_id", item.runId());
    object.put("eval_id", item.evalId());
    object.put("created_at", item.createdAt().getEpochSecond());
    object.put("status", item.outcome().text());
    object.setAll(Json.tree(item.body()).asObject());
    return object;
  }

  private static EvalRunObject object(Context context, EvalRun run) {
    var counts = run.counts();
    return new EvalRunObject(
        "eval.run",
        run.id(),
        run.evalId(),
        run.state().text(),
        run.model(),
        run.name(),
        run.createdAt().getEpochSecond(),
        "%s://%s/#/evals/%s/%s".formatted(context.scheme(), context.host(), run.evalId(), run.id()),
        new EvalRunObject.Counts(
            counts.total(), counts.errored(), counts.failed(), counts.passed()),
        run.usage().stream()
            .map(usage ->
                new EvalRunObject.ModelUsage(
                    usage.model(),
                    usage.invocations(),
                    usage.promptTokens(),
                    usage.completionTokens(),
                    usage.promptTokens() + usage.completionTokens(),
                    usage.cachedTokens()))
            .toList(),
        run.criteria().stream()
            .map(each ->
                new EvalRunObject.CriterionResult(each.name(), each.passed(), each.failed()))
            .toList(),
        Json.tree(run.source()),
        run.metadata(),
        run.failure().map(why -> new EvalRunObject.Fault(why.code(), why.message())));
  }
}
