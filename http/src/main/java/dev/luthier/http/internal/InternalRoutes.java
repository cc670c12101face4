package dev.luthier.http.internal;

import dev.luthier.http.Routes;
import dev.luthier.platform.inference.InferenceDesk;
import dev.luthier.platform.launch.EnrolmentDesk;
import dev.luthier.platform.trainer.GradingDesk;
import dev.luthier.platform.trainer.TrainerDesk;
import io.javalin.config.RoutesConfig;

/// The list of internal routes. Each but the first asks for the bearer token of an enrolment; a
/// user's key is none.
public final class InternalRoutes implements Routes {
  private static final String ROOT = "/internal/v1/";

  private final EnrolmentRoute enrolment;
  private final TrainerRoutes trainer;
  private final InferenceRoutes inference;

  public InternalRoutes(
      EnrolmentDesk enrolmentDesk,
      TrainerDesk trainerDesk,
      GradingDesk gradingDesk,
      InferenceDesk inferenceDesk) {
    this.enrolment = new EnrolmentRoute(enrolmentDesk);
    this.trainer = new TrainerRoutes(trainerDesk, gradingDesk);
    this.inference = new InferenceRoutes(inferenceDesk);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post(ROOT + "enrol", Guard.open(enrolment::enrol));

    routes.get(ROOT + "job", Guard.token(trainer::job));
    routes.get(ROOT + "job/training-file", Guard.token(trainer::trainingFile));
    routes.get(ROOT + "job/validation-file", Guard.token(trainer::validationFile));
    routes.get(ROOT + "job/resume-state", Guard.token(trainer::resumeState));
    routes.put(ROOT + "job/resume-state", Guard.token(trainer::putResumeState));
    routes.post(ROOT + "job/heartbeat", Guard.token(trainer::heartbeat));
    routes.post(ROOT + "job/metrics", Guard.token(trainer::metrics));
    routes.post(ROOT + "job/events", Guard.token(trainer::event));
    routes.post(ROOT + "job/manifest", Guard.token(trainer::manifest));
    routes.put(ROOT + "job/checkpoints/{step}/{file}", Guard.token(trainer::stageCheckpointFile));
    routes.post(ROOT + "job/checkpoints/{step}", Guard.token(trainer::publishCheckpoint));
    routes.post(ROOT + "job/grade", Guard.token(trainer::grade));
    routes.post(ROOT + "job/finish", Guard.token(trainer::finish));

    routes.get(ROOT + "inference", Guard.token(inference::spec));
    routes.post(ROOT + "inference/register", Guard.token(inference::register));
    routes.post(ROOT + "inference/heartbeat", Guard.token(inference::heartbeat));
  }
}
