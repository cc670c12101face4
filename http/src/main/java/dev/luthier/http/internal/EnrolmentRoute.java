package dev.luthier.http.internal;

import dev.luthier.platform.launch.Enrolment;
import dev.luthier.platform.launch.EnrolmentDesk;
import dev.luthier.wire.internal.EnrolAnswer;
import dev.luthier.wire.internal.EnrolRequest;
import dev.luthier.wire.internal.WorkerKind;
import io.javalin.http.Context;
import java.io.IOException;

/// Trades enrolment codes for tokens.
final class EnrolmentRoute {
  private final EnrolmentDesk desk;

  EnrolmentRoute(EnrolmentDesk desk) {
    this.desk = desk;
  }

  void enrol(Context context) throws IOException {
    EnrolRequest request = Bodies.read(context, EnrolRequest.class);
    Enrolment enrolment = desk.enrol(request.launchId(), request.code());
    WorkerKind kind =
        switch (enrolment.kind()) {
          case TRAINER -> WorkerKind.TRAINER;
          case INFERENCE -> WorkerKind.INFERENCE;
        };
    Bodies.answer(context, new EnrolAnswer(enrolment.token(), kind));
  }
}
