package dev.luthier.http.api;

import dev.luthier.http.Routes;
import dev.luthier.platform.evals.EvalService;
import dev.luthier.platform.idempotency.IdempotentCreations;
import io.javalin.config.RoutesConfig;

/// The routes of the public API that judge answers; who may use them is said by [PublicApi].
public final class GradingRoutes implements Routes {
  private final GraderResource graders;
  private final EvalResource evals;
  private final EvalRunResource runs;

  public GradingRoutes(
      GraderResource graders,
      EvalService evals,
      IdempotentCreations creations,
      ModelAccess access) {
    this.graders = graders;
    this.evals = new EvalResource(evals, creations, access);
    this.runs = new EvalRunResource(evals, creations, access);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post("/v1/fine_tuning/alpha/graders/validate", graders::validate);
    routes.post("/v1/fine_tuning/alpha/graders/run", Origins.of(graders::run));

    routes.post("/v1/evals", evals::create);
    routes.get("/v1/evals", evals::list);
    routes.get("/v1/evals/{id}", evals::get);
    routes.post("/v1/evals/{id}", evals::update);
    routes.delete("/v1/evals/{id}", evals::delete);
    routes.post("/v1/evals/{id}/runs", runs::create);
    routes.get("/v1/evals/{id}/runs", runs::list);
    routes.get("/v1/evals/{id}/runs/{run}", runs::get);
    // Older clients cancel by the first, newer ones by the second.
    routes.post("/v1/evals/{id}/runs/{run}", runs::cancel);
    routes.post("/v1/evals/{id}/runs/{run}/cancel", runs::cancel);
    routes.delete("/v1/evals/{id}/runs/{run}", runs::delete);
    routes.get("/v1/evals/{id}/runs/{run}/output_items", runs::items);
    routes.get("/v1/evals/{id}/runs/{run}/output_items/{item}", runs::item);
  }
}
