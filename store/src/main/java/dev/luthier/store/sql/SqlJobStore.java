package dev.luthier.store.sql;

import dev.luthier.platform.Bell;
import dev.luthier.platform.Happenings;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.jobs.JobQuery;
import dev.luthier.platform.jobs.JobRun;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.jobs.ResumePoint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// The rows of jobs.
public final class SqlJobStore implements JobStore {
  private static final String UNFINISHED =
      "state in ('validating_files', 'queued', 'running', 'paused')";
  private static final MetadataTable METADATA = new MetadataTable("job_metadata", "job_id");

  private final Database database;
  private final Happenings happenings;
  private final Bell moved;

  public SqlJobStore(Database database) {
    this(database, Happenings.UNHEARD, new Bell());
  }

  /// @param happenings hears of jobs that end
  /// @param moved rung for every job that has come into a state
  public SqlJobStore(Database database, Happenings happenings, Bell moved) {
    this.database = database;
    this.happenings = happenings;
    this.moved = moved;
  }

  @Override
  public void insert(Job job) {
    database.write(handle -> {
      long position =
          handle
              .createQuery("select coalesce(max(position), 0) + 1 from jobs")
              .mapTo(long.class)
              .one();
      order(changing(new Row(), job), job)
          .put("id", job.id())
          .put("position", position)
          .insert(handle, "jobs");
      METADATA.insert(handle, job.id(), job.metadata().orElse(Map.of()));
      handle.afterCommit(moved::ring);
      return true;
    });
  }

  /// What never changes after creation.
  private Row order(Row row, Job job) {
    return row.time("created_at", job.createdAt())
        .put("organisation_id", job.organisationId())
        .put("model", job.model())
        .put("base_id", job.baseId())
        .put("parent_adapter_id", job.parentAdapterId())
        .put("training_file", job.trainingFile())
        .put("validation_file", job.validationFile())
        .put("suffix", job.suffix())
        .put("seed", job.seed())
        .put("integrations", IntegrationColumn.write(job.integrations()))
        .put("has_metadata", job.metadata().isPresent() ? 1 : 0);
  }

  private static Row changing(Row row, Job job) {
    row.time("finished_at", job.finishedAt())
        .put("fine_tuned_model", job.fineTunedModel())
        .put("state", job.state().text())
        .put("result_file", job.resultFiles().stream().findFirst())
        .put("trained_tokens", job.trainedTokens())
        .put("error_code", job.error().map(JobError::code))
        .put("error_message", job.error().map(JobError::message))
        .put("error_param", job.error().flatMap(JobError::param))
        .time("estimated_finish", job.estimatedFinish());
    return run(MethodColumns.put(row, job.method()), job.run());
  }

  private static Row run(Row row, JobRun run) {
    return row.put("attempt", run.attempt())
        .put("launch_id", run.launchId())
        .time("launched_at", run.launchedAt())
        .time("started_at", run.startedAt())
        .put("start_step", run.startStep())
        .time("lease_until", run.leaseUntil())
        .put("training_examples", run.trainingExamples())
        .put("total_steps", run.totalSteps())
        .put("last_step", run.lastStep())
        .put("resume_step", run.resume().map(ResumePoint::step))
        .put("resume_sha256", run.resume().map(ResumePoint::sha256))
        .put("death_step", run.deathStep())
        .put("deaths", run.deaths());
  }

  @Override
  public Optional<Job> find(String id) {
    return database.read(handle ->
        handle
            .createQuery("select * from jobs where id = :id")
            .bind("id", id)
            .map((row, _) -> read(row, handle))
            .findOne());
  }

  @Override
  public boolean update(Job job, int attempt, Set<JobState> states) {
    Row row = changing(new Row(), job);
    List<String> texts = states.stream().map(JobState::text).toList();
    return database.write(handle -> {
      int updated =
          handle
              .createUpdate(
                  "update jobs set "
                      + row.assignments()
                      + " where id = :job and attempt = :expected and state in (<states>)")
              .bindMap(row.columns())
              .bind("job", job.id())
              .bind("expected", attempt)
              .bindList("states", texts)
              .execute();
      if (updated == 1 && job.state().terminal() && states.stream().noneMatch(JobState::terminal)) {
        happenings.happened("fine_tuning.job." + job.state().text(), job.id());
      }
      if (updated == 1 && !states.contains(job.state())) {
        handle.afterCommit(moved::ring);
      }
      return updated == 1;
    });
  }

  @Override
  public Optional<List<Job>> list(JobQuery query) {
    return database.read(handle -> {
      Optional<Long> cursor =
          query.page().after().isEmpty()
              ? Optional.of(Long.MAX_VALUE)
              : handle
                  .createQuery("select position from jobs where id = :id")
                  .bind("id", query.page().after().get())
                  .mapTo(Long.class)
                  .findOne();
      return cursor.map(position -> page(handle, query, position));
    });
  }

  private List<Job> page(Handle handle, JobQuery query, long cursor) {
    StringBuilder where = new StringBuilder("position < :cursor");
    Map<String, Object> values = new LinkedHashMap<>();
    if (query.withoutMetadata()) {
      where.append(" and not exists (select 1 from job_metadata where job_id = jobs.id)");
    }
    where.append(METADATA.all("jobs", query.metadata(), values));
    return handle
        .createQuery("select * from jobs where " + where + " order by position desc limit :limit")
        .bindMap(values)
        .bind("cursor", cursor)
        .bind("limit", query.page().limit() + 1)
        .map((row, _) -> read(row, handle))
        .list();
  }

  @Override
  public List<Job> inStates(Set<JobState> states) {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from jobs where state in (<states>)" + " order by queue_rank, position")
            .bindList("states", states.stream().map(JobState::text).toList())
            .map((row, _) -> read(row, handle))
            .list());
  }

  @Override
  public void putFirst(String id) {
    database.write(handle ->
        handle.execute(
            "update jobs set queue_rank = (select min(queue_rank) from jobs) - 1 where id = ?",
            id));
  }

  @Override
  public boolean holdsFile(String fileId) {
    return exists("(training_file = :value or validation_file = :value)", fileId);
  }

  @Override
  public boolean holdsAdapter(String adapterId) {
    return exists("parent_adapter_id = :value", adapterId);
  }

  private boolean exists(String condition, String value) {
    return database.read(handle ->
        handle
                .createQuery("select count(*) from jobs where " + UNFINISHED + " and " + condition)
                .bind("value", value)
                .mapTo(int.class)
                .one()
            > 0);
  }

  private Job read(ResultSet row, Handle handle) throws SQLException {
    String id = row.getString("id");
    boolean hasMetadata = row.getInt("has_metadata") == 1;
    return new Job(
        id,
        Row.time(row, "created_at"),
        Row.optionalTime(row, "finished_at"),
        row.getString("organisation_id"),
        row.getString("model"),
        row.getString("base_id"),
        Row.optionalText(row, "parent_adapter_id"),
        Row.optionalText(row, "fine_tuned_model"),
        JobState.of(row.getString("state")),
        MethodColumns.read(row),
        row.getString("training_file"),
        Row.optionalText(row, "validation_file"),
        Row.optionalText(row, "result_file").stream().toList(),
        Row.optionalLong(row, "trained_tokens"),
        error(row),
        Row.optionalText(row, "suffix"),
        row.getInt("seed"),
        Row.optionalTime(row, "estimated_finish"),
        IntegrationColumn.read(row.getString("integrations")),
        hasMetadata ? Optional.of(METADATA.of(handle, id)) : Optional.empty(),
        readRun(row));
  }

  private static Optional<JobError> error(ResultSet row) throws SQLException {
    Optional<String> code = Row.optionalText(row, "error_code");
    return code.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new JobError(
                code.get(), row.getString("error_message"), Row.optionalText(row, "error_param")));
  }

  private static JobRun readRun(ResultSet row) throws SQLException {
    Optional<String> sum = Row.optionalText(row, "resume_sha256");
    int resumeStep = row.getInt("resume_step");
    return new JobRun(
        row.getInt("attempt"),
        Row.optionalText(row, "launch_id"),
        Row.optionalTime(row, "launched_at"),
        Row.optionalTime(row, "started_at"),
        row.getInt("start_step"),
        Row.optionalTime(row, "lease_until"),
        Row.optionalInt(row, "training_examples"),
        Row.optionalInt(row, "total_steps"),
        row.getInt("last_step"),
        sum.map(value -> new ResumePoint(resumeStep, value)),
        row.getInt("death_step"),
        row.getInt("deaths"));
  }
}
