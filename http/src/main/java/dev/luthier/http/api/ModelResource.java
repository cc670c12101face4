package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.platform.models.ModelDescription;
import dev.luthier.platform.models.ModelService;
import dev.luthier.wire.api.DeletedModel;
import dev.luthier.wire.api.Model;
import io.javalin.http.Context;
import java.util.Optional;

/// `/v1/models`.
public final class ModelResource {

  private final ModelService models;
  private final ModelAccess access;

  public ModelResource(ModelService models, ModelAccess access) {
    this.models = models;
    this.access = access;
  }

  void list(Context context) {
    var data =
        models.list().stream()
            .filter(model -> access.allows(context, model.id()))
            .map(ModelResource::object)
            .toList();
    Answers.json(context, new Model.Listing(data));
  }

  void get(Context context) {
    var name = context.pathParam("model");
    access.check(context, name);
    Answers.json(context, object(models.get(name)));
  }

  void delete(Context context) {
    var name = context.pathParam("model");
    access.check(context, name);
    models.delete(name);
    Answers.json(context, new DeletedModel(name));
  }

  private static Model object(ModelDescription model) {
    return new Model(
        model.id(), "model", model.createdAt().getEpochSecond(), model.ownedBy(), Optional.empty());
  }
}
