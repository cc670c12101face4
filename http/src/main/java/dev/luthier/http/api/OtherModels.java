package dev.luthier.http.api;

import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.Value;
import dev.luthier.platform.errors.ApiException;
import io.javalin.http.Handler;

/// What models of other kinds are asked: there are none, which clients are told as of any model
/// that is not there.
final class OtherModels {
  static final Handler EMBEDDINGS = without("text-embedding-ada-002");
  static final Handler MODERATIONS = without("omni-moderation-latest");

  private OtherModels() {}

  /// @param byDefault the model that a request means which names none
  private static Handler without(String byDefault) {
    return context -> {
      var model = JsonBody.read(context).optional("model").map(Value::string).orElse(byDefault);
      throw ApiException.modelNotFound(Value.shortened(model));
    };
  }
}
