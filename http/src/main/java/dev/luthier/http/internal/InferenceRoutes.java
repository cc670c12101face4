package dev.luthier.http.internal;

import dev.luthier.platform.inference.InferenceDesk;
import dev.luthier.platform.inference.InferenceJob;
import dev.luthier.platform.inference.Registration;
import dev.luthier.wire.internal.BaseRef;
import dev.luthier.wire.internal.InferenceHeartbeatAnswer;
import dev.luthier.wire.internal.InferenceHeartbeatAnswer.Directive;
import dev.luthier.wire.internal.InferenceSpec;
import dev.luthier.wire.internal.RegisterRequest;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;

/// What inference processes ask and tell.
final class InferenceRoutes {
  private final InferenceDesk desk;

  InferenceRoutes(InferenceDesk desk) {
    this.desk = desk;
  }

  void spec(Context context, String token) {
    InferenceJob job = desk.job(token);
    Bodies.answer(
        context, new InferenceSpec(new BaseRef(job.baseId(), job.baseFolder().toString())));
  }

  void register(Context context, String token) throws IOException {
    RegisterRequest request = Bodies.read(context, RegisterRequest.class);
    desk.register(
        token,
        new Registration(
            URI.create(request.url()), request.token(), request.baseId(), request.contextLength()));
    context.status(204);
  }

  void heartbeat(Context context, String token) {
    Directive directive =
        switch (desk.heartbeat(token)) {
          case CONTINUE -> Directive.CONTINUE;
          case REGISTER -> Directive.REGISTER;
        };
    Bodies.answer(context, new InferenceHeartbeatAnswer(directive));
  }
}
