package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.http.request.Value;
import dev.luthier.platform.models.CheckpointPermission;
import dev.luthier.platform.models.PermissionService;
import dev.luthier.wire.api.CheckpointPermissionObject;
import dev.luthier.wire.api.CursorPage;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;

/// `/v1/fine_tuning/checkpoints/…/permissions`. A checkpoint's name may hold a slash, so the routes
/// take all that lies between as one name.
public final class PermissionResource {
  private static final int LIMIT_DEFAULT = 10;
  private static final int LIMIT_MAX = 1000;
  private static final int PROJECTS_MAX = 1000;

  private final PermissionService permissions;

  public PermissionResource(PermissionService permissions) {
    this.permissions = permissions;
  }

  void create(Context context) throws IOException {
    var projects =
        JsonBody.read(context).required("project_ids").filledArray(PROJECTS_MAX).stream()
            .map(Value::string)
            .toList();
    var granted = permissions.grant(context.pathParam("checkpoint"), projects);
    answer(context, granted, false);
  }

  void list(Context context) {
    boolean oldestFirst =
        PageQuery.oneOf(context, "order", List.of("ascending", "descending"))
            .filter("ascending"::equals)
            .isPresent();
    var page =
        permissions.list(
            context.pathParam("checkpoint"),
            PageQuery.parameter(context, "project_id"),
            PageQuery.read(context, LIMIT_DEFAULT, LIMIT_MAX),
            oldestFirst);
    answer(context, page.data(), page.hasMore());
  }

  void delete(Context context) {
    var id = context.pathParam("id");
    permissions.revoke(context.pathParam("checkpoint"), id);
    Answers.json(context, new CheckpointPermissionObject.Deleted(id));
  }

  private static void answer(Context context, List<CheckpointPermission> some, boolean hasMore) {
    var data =
        some.stream()
            .map(permission ->
                new CheckpointPermissionObject(
                    "checkpoint.permission",
                    permission.id(),
                    permission.createdAt().getEpochSecond(),
                    permission.projectId()))
            .toList();
    Answers.json(context, CursorPage.of(data, CheckpointPermissionObject::id, hasMore));
  }
}
