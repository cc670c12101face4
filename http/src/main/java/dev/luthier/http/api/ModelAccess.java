package dev.luthier.http.api;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.models.PermissionService;
import dev.luthier.platform.models.ResolvedModel;
import io.javalin.http.Context;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Keeps callers that name a project from checkpoints that it has no permission for, wherever a
/// request names a model. Who names none is the owner.
public final class ModelAccess {
  private final ModelService models;
  private final PermissionService permissions;

  public ModelAccess(ModelService models, PermissionService permissions) {
    this.models = models;
    this.permissions = permissions;
  }

  /// That the caller says it acts for.
  static Optional<String> project(Context context) {
    return Optional.ofNullable(context.header("OpenAI-Project"))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  boolean allows(Context context, String name) {
    return project(context)
        .map(project ->
            !(models.resolve(name) instanceof ResolvedModel.Callable model)
                || permissions.allows(model, Optional.of(project)))
        .orElse(true);
  }

  /// Refuses a model as one that is not there; a name that nobody has is left to others.
  void check(Context context, String name) {
    if (!allows(context, name)) {
      throw ApiException.modelNotFound(name);
    }
  }

  /// As [#check], and a name that nobody has is refused too.
  void checkThere(Context context, String name) {
    check(context, name);
    if (models.resolve(name) instanceof ResolvedModel.Unknown) {
      throw ApiException.modelNotFound(name);
    }
  }

  /// As [#check], of every `model` that a request names, at whatever depth.
  void checkAll(Context context, JsonNode request) {
    if (project(context).isPresent()) {
      request.findValues("model").stream()
          .filter(JsonNode::isString)
          .forEach(name -> check(context, name.asString()));
    }
  }
}
