package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.Fields;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.http.request.Value;
import dev.luthier.platform.evals.Eval;
import dev.luthier.platform.evals.EvalService;
import dev.luthier.platform.evals.EvalStore;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.wire.Json;
import dev.luthier.wire.api.CursorPage;
import dev.luthier.wire.api.DeletedEval;
import dev.luthier.wire.api.EvalObject;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `/v1/evals`.
public final class EvalResource {
  static final int LIMIT_DEFAULT = 20;
  static final int LIMIT_MAX = 100;

  private final EvalService evals;
  private final IdempotentCreations creations;
  private final ModelAccess access;

  public EvalResource(EvalService evals, IdempotentCreations creations, ModelAccess access) {
    this.evals = evals;
    this.creations = creations;
    this.access = access;
  }

  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    var config = body.required("data_source_config").object().json();
    var criteria = body.required("testing_criteria").json();
    access.checkAll(context, criteria);
    var eval =
        creations.once(
            IdempotencyKey.of(context),
            body.json().toString(),
            new IdempotentCreations.Thing<>(
                "eval", () -> evals.create(label(body), config, criteria), Eval::id, evals::get));
    Answers.json(context, object(eval));
    context.status(HttpStatus.CREATED);
  }

  static EvalService.Label label(Fields body) {
    return new EvalService.Label(
        body.optional("name").map(Value::string).filter(name -> !name.isEmpty()),
        body.optional("metadata").map(Value::metadata).orElse(Map.of()));
  }

  void list(Context context) {
    var page =
        evals.list(
            new EvalStore.EvalQuery(
                PageQuery.read(context, LIMIT_DEFAULT, LIMIT_MAX),
                newestFirst(context),
                PageQuery.oneOf(context, "order_by", List.of("created_at", "updated_at"))
                    .filter("updated_at"::equals)
                    .isPresent()));
    Answers.json(
        context,
        CursorPage.of(
            page.data().stream().map(EvalResource::object).toList(),
            EvalObject::id,
            page.hasMore()));
  }

  /// These lists run from the oldest on unless the query says otherwise.
  static boolean newestFirst(Context context) {
    return PageQuery.oneOf(context, "order", List.of("asc", "desc"))
        .filter("desc"::equals)
        .isPresent();
  }

  void get(Context context) {
    Answers.json(context, object(evals.get(context.pathParam("id"))));
  }

  void update(Context context) throws IOException {
    var body = JsonBody.read(context);
    Answers.json(
        context,
        object(
            evals.update(
                context.pathParam("id"),
                body.optional("name").map(value -> value.string(256)),
                body.optional("metadata").map(Value::metadata))));
  }

  void delete(Context context) {
    evals.delete(context.pathParam("id"));
    Answers.json(context, new DeletedEval(context.pathParam("id")));
  }

  private static EvalObject object(Eval eval) {
    return new EvalObject(
        "eval",
        eval.id(),
        eval.name(),
        Json.tree(eval.config()),
        Json.tree(eval.criteria()),
        eval.createdAt().getEpochSecond(),
        eval.metadata());
  }
}
