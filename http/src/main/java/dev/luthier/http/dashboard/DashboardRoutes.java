package dev.luthier.http.dashboard;

import dev.luthier.http.Answers;
import dev.luthier.http.Routes;
import dev.luthier.http.api.Authentication;
import dev.luthier.http.request.JsonBody;
import dev.luthier.platform.errors.ApiException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Optional;

/// What the dashboard needs and the public API lacks. All but the session itself asks for the same
/// keys as the public API.
public final class DashboardRoutes implements Routes {
  private static final String ROOT = "/internal/ui/";
  private static final String SESSION = ROOT + "session";

  private final Authentication authentication;
  private final Sessions sessions;
  private final JobFigures jobs;
  private final DataViews data;
  private final EstimateViews estimates;
  private final AliasViews aliases;
  private final BaseViews bases;
  private final MachineFigures machine = new MachineFigures();

  public DashboardRoutes(
      Authentication authentication,
      Sessions sessions,
      JobFigures jobs,
      DataViews data,
      ModelViews models) {
    this.authentication = authentication;
    this.sessions = sessions;
    this.jobs = jobs;
    this.data = data;
    this.estimates = data.estimates();
    this.aliases = models.aliases();
    this.bases = models.bases();
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.beforeMatched(ROOT + "*", this::authenticate);

    routes.get(SESSION, this::session);
    routes.post(SESSION, this::open);
    routes.delete(SESSION, this::close);
    routes.post(ROOT + "links", this::link);

    routes.get(ROOT + "jobs", jobs::list);
    routes.get(ROOT + "jobs/{id}", jobs::get);
    routes.put(ROOT + "jobs/{id}/place", jobs::move);
    routes.get(ROOT + "jobs/{id}/metrics", jobs::metrics);
    routes.get(ROOT + "jobs/{id}/tensorboard", jobs::tensorBoard);
    routes.get(ROOT + "jobs/{id}/checkpoints", jobs::checkpoints);
    routes.get(ROOT + "sparklines", jobs::sparklines);

    routes.get(ROOT + "machine", machine::get);

    routes.get(ROOT + "files/{id}/check", data::check);
    routes.get(ROOT + "estimate", estimates::ahead);
    routes.get(ROOT + "jobs/{id}/estimate", estimates::ofJob);
    routes.get(ROOT + "files/{id}/mends", data::mends);
    routes.get(ROOT + "files/{id}/mended", data::mended);
    routes.get(ROOT + "files/{id}/rows", data::rows);

    routes.get(ROOT + "bases", bases::list);
    routes.post(ROOT + "bases/{id}/download", bases::fetch);
    routes.delete(ROOT + "bases/{id}/download", bases::stop);

    routes.get(ROOT + "aliases", aliases::list);
    routes.post(ROOT + "aliases", aliases::make);
    routes.put(ROOT + "aliases/<name>", aliases::set);
    routes.delete(ROOT + "aliases/<name>", aliases::remove);
  }

  private void authenticate(Context context) {
    if (!context.path().equals(SESSION)) {
      authentication.handle(context);
    }
  }

  /// @param csrf null when nobody is logged in
  private record Session(Optional<String> csrf) {}

  private void session(Context context) {
    Answers.json(context, new Session(sessions.csrf(context)));
  }

  /// @param code what stands behind `#link=` in the address
  private record NewLink(String code) {}

  private void link(Context context) {
    String key = authentication.key(context).orElseThrow(ApiException::missingKey);
    Answers.json(context, new NewLink(sessions.newLink(key)));
  }

  /// Its body has a `key`, or the code of a `link`.
  private void open(Context context) throws IOException {
    var body = JsonBody.read(context);
    var link = body.optional("link");
    var csrf =
        link.isPresent()
            ? sessions.openByLink(context, link.get().string(200))
            : sessions.openByKey(context, body.required("key").string(1000));
    Answers.json(context, new Session(Optional.of(csrf)));
  }

  private void close(Context context) {
    if (sessions.key(context).isEmpty()) {
      throw ApiException.missingKey();
    }
    sessions.close(context);
    Answers.json(context, new Session(Optional.empty()));
  }
}
