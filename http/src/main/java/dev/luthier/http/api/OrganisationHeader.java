package dev.luthier.http.api;

import dev.luthier.http.Routes;
import io.javalin.config.RoutesConfig;

/// Says in every answer under `/v1` whose server this is.
///
/// @param slug of the organisation
public record OrganisationHeader(String slug) implements Routes {
  @Override
  public void addTo(RoutesConfig routes) {
    routes.before("/v1/*", context -> context.header("openai-organization", slug));
  }
}
