package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.platform.graders.GraderReader;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.platform.jobs.CreateJob;
import dev.luthier.platform.jobs.FineTuningService;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobManifests;
import dev.luthier.platform.jobs.JobQuery;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.wire.api.CursorPage;
import dev.luthier.wire.api.FineTuningJobCheckpoint;
import dev.luthier.wire.api.FineTuningJobManifest;
import dev.luthier.wire.api.Page;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Set;

/// `/v1/fine_tuning/jobs`.
public final class FineTuningResource {

  private static final int LIMIT_MAX = 10_000;
  private static final int JOBS_DEFAULT = 20;
  private static final int EVENTS_DEFAULT = 20;
  private static final int CHECKPOINTS_DEFAULT = 10;

  private final FineTuningService jobs;
  private final IdempotentCreations creations;
  private final JobManifests manifests;
  private final ModelAccess access;

  public FineTuningResource(
      FineTuningService jobs,
      IdempotentCreations creations,
      JobManifests manifests,
      ModelAccess access) {
    this.jobs = jobs;
    this.creations = creations;
    this.manifests = manifests;
    this.access = access;
  }

  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    var request = CreateJobReader.read(body);
    access.checkAll(context, body.json());
    judges(request).forEach(name -> access.checkThere(context, name));
    var job =
        creations.once(
            IdempotencyKey.of(context),
            body.json().toString(),
            new IdempotentCreations.Thing<>(
                "fine_tuning.job", () -> jobs.create(request), Job::id, jobs::get));
    Answers.json(context, JobObjects.job(job));
  }

  /// The models that a job's grader asks.
  private static Set<String> judges(CreateJob request) {
    return request
        .method()
        .filter(TrainingMethod.Reinforcement.class::isInstance)
        .map(TrainingMethod.Reinforcement.class::cast)
        .map(asked ->
            GraderReader.readReward(asked.grading().grader(), "method.reinforcement.grader"))
        .map(Graders::models)
        .orElse(Set.of());
  }

  void list(Context context) {
    var query =
        new JobQuery(
            PageQuery.read(context, JOBS_DEFAULT, LIMIT_MAX),
            MetadataQuery.read(context),
            "null".equals(context.queryParam("metadata")));
    var page = jobs.list(query);
    Answers.json(
        context, new Page<>(page.data().stream().map(JobObjects::job).toList(), page.hasMore()));
  }

  void get(Context context) {
    Answers.json(context, JobObjects.job(jobs.get(context.pathParam("id"))));
  }

  /// Any body is ignored: clients send none, an empty one with a JSON type, or `{}`.
  void cancel(Context context) {
    Answers.json(context, JobObjects.job(jobs.cancel(context.pathParam("id"))));
  }

  /// As [#cancel] with its body.
  void pause(Context context) {
    Answers.json(context, JobObjects.job(jobs.pause(context.pathParam("id"))));
  }

  /// As [#cancel] with its body.
  void resume(Context context) {
    Answers.json(context, JobObjects.job(jobs.resume(context.pathParam("id"))));
  }

  /// What the job's losses follow from; ours alone.
  void manifest(Context context) {
    var id = jobs.get(context.pathParam("id")).id();
    var manifest = manifests.of(id);
    Answers.json(
        context,
        new FineTuningJobManifest(
            "fine_tuning.job.manifest",
            id,
            manifest.facts(),
            manifest.steps(),
            manifest.losses(),
            manifest.lossesSha256()));
  }

  void events(Context context) {
    var page =
        jobs.events(context.pathParam("id"), PageQuery.read(context, EVENTS_DEFAULT, LIMIT_MAX));
    Answers.json(
        context, new Page<>(page.data().stream().map(JobObjects::event).toList(), page.hasMore()));
  }

  void checkpoints(Context context) {
    var page =
        jobs.checkpoints(
            context.pathParam("id"), PageQuery.read(context, CHECKPOINTS_DEFAULT, LIMIT_MAX));
    var data = page.data().stream().map(JobObjects::checkpoint).toList();
    Answers.json(context, CursorPage.of(data, FineTuningJobCheckpoint::id, page.hasMore()));
  }
}
