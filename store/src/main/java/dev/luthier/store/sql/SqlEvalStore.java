package dev.luthier.store.sql;

import dev.luthier.platform.Bell;
import dev.luthier.platform.Happenings;
import dev.luthier.platform.evals.Eval;
import dev.luthier.platform.evals.EvalRun;
import dev.luthier.platform.evals.EvalRunState;
import dev.luthier.platform.evals.EvalStore;
import dev.luthier.platform.evals.OutputItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;

/// The rows of evals, their runs and what came out.
public final class SqlEvalStore implements EvalStore {
  private static final MetadataTable METADATA = new MetadataTable("eval_metadata", "eval_id");
  private static final MetadataTable RUN_METADATA =
      new MetadataTable("eval_run_metadata", "run_id");
  private static final String UNFINISHED = "state in ('queued', 'in_progress')";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Database database;
  private final Happenings happenings;
  private final Bell ordered;

  public SqlEvalStore(Database database) {
    this(database, Happenings.UNHEARD, new Bell());
  }

  /// @param happenings hears of runs that end
  /// @param ordered rung for every new run
  public SqlEvalStore(Database database, Happenings happenings, Bell ordered) {
    this.database = database;
    this.happenings = happenings;
    this.ordered = ordered;
  }

  @Override
  public void insert(Eval eval) {
    database.write(handle -> {
      new Row()
          .put("id", eval.id())
          .put("position", nextPosition(handle, "evals"))
          .put("name", eval.name())
          .time("created_at", eval.createdAt())
          .time("updated_at", eval.updatedAt())
          .put("config", eval.config())
          .put("criteria", eval.criteria())
          .insert(handle, "evals");
      METADATA.insert(handle, eval.id(), eval.metadata());
      return true;
    });
  }

  private static long nextPosition(Handle handle, String table) {
    return handle
        .createQuery("select coalesce(max(position), 0) + 1 from " + table)
        .mapTo(long.class)
        .one();
  }

  @Override
  public Optional<Eval> find(String id) {
    return database.read(handle ->
        handle
            .createQuery("select * from evals where id = :id")
            .bind("id", id)
            .map((row, _) -> eval(row, handle))
            .findOne());
  }

  @Override
  public Optional<List<Eval>> list(EvalQuery query) {
    var listing =
        new Listing(
            "evals",
            query.byUpdate() ? "updated_at, position" : "position, position",
            query.page(),
            query.newestFirst(),
            Map.of());
    return database.read(
        handle -> listing.page(handle).map(page -> page.map((row, _) -> eval(row, handle)).list()));
  }

  @Override
  public void update(Eval eval) {
    database.write(handle -> {
      handle
          .createUpdate("update evals set name = :name, updated_at = :time where id = :id")
          .bind("name", eval.name())
          .bind("time", eval.updatedAt().toEpochMilli())
          .bind("id", eval.id())
          .execute();
      METADATA.deleteAll(handle, eval.id());
      METADATA.insert(handle, eval.id(), eval.metadata());
      return true;
    });
  }

  @Override
  public void delete(String id) {
    database.write(handle -> handle.execute("delete from evals where id = ?", id));
  }

  @Override
  public void insertRun(EvalRun run) {
    database.write(handle -> {
      changing(run)
          .put("id", run.id())
          .put("position", nextPosition(handle, "eval_runs"))
          .put("eval_id", run.evalId())
          .put("name", run.name())
          .time("created_at", run.createdAt())
          .put("model", run.model())
          .put("source", run.source())
          .insert(handle, "eval_runs");
      RUN_METADATA.insert(handle, run.id(), run.metadata());
      handle.afterCommit(ordered::ring);
      return true;
    });
  }

  private static Row changing(EvalRun run) {
    return new Row()
        .put("state", run.state().text())
        .put("total", run.counts().total())
        .put("errored", run.counts().errored())
        .put("failed", run.counts().failed())
        .put("passed", run.counts().passed())
        .put("model_usage", JSON.writeValueAsString(run.usage()))
        .put("criteria", JSON.writeValueAsString(run.criteria()))
        .put("failure_code", run.failure().map(EvalRun.Failure::code))
        .put("failure_message", run.failure().map(EvalRun.Failure::message));
  }

  @Override
  public Optional<EvalRun> findRun(String id) {
    return database.read(handle ->
        handle
            .createQuery("select * from eval_runs where id = :id")
            .bind("id", id)
            .map((row, _) -> run(row, handle))
            .findOne());
  }

  @Override
  public Optional<List<EvalRun>> listRuns(RunQuery query) {
    Map<String, Object> where = new LinkedHashMap<>();
    where.put("eval_id", query.evalId());
    query.state().ifPresent(state -> where.put("state", state.text()));
    var listing =
        new Listing("eval_runs", "position, position", query.page(), query.newestFirst(), where);
    return database.read(
        handle -> listing.page(handle).map(page -> page.map((row, _) -> run(row, handle)).list()));
  }

  @Override
  public List<EvalRun> unfinishedRuns() {
    return database.read(handle ->
        handle
            .createQuery("select * from eval_runs where " + UNFINISHED + " order by position")
            .map((row, _) -> run(row, handle))
            .list());
  }

  @Override
  public void updateRun(EvalRun run) {
    database.write(handle -> {
      var row = changing(run);
      int updated =
          handle
              .createUpdate(
                  "update eval_runs set " + row.assignments() + " where id = :id and " + UNFINISHED)
              .bindMap(row.columns())
              .bind("id", run.id())
              .execute();
      if (updated == 1 && run.state().ended()) {
        happenings.happened("eval.run." + word(run.state()), run.id());
      }
      return updated;
    });
  }

  private static String word(EvalRunState ended) {
    return ended == EvalRunState.COMPLETED ? "succeeded" : ended.text();
  }

  @Override
  public void deleteRun(String id) {
    database.write(handle -> handle.execute("delete from eval_runs where id = ?", id));
  }

  @Override
  public boolean insertItem(OutputItem item) {
    return database.write(handle ->
        handle.execute(
                "insert or ignore into eval_output_items"
                    + " (id, run_id, eval_id, number, created_at, outcome, body)"
                    + " values (?, ?, ?, ?, ?, ?, ?)",
                item.id(),
                item.runId(),
                item.evalId(),
                item.number(),
                item.createdAt().toEpochMilli(),
                item.outcome().text(),
                item.body())
            == 1);
  }

  @Override
  public BitSet judged(String runId) {
    return database.read(handle -> {
      var numbers = new BitSet();
      handle
          .createQuery("select number from eval_output_items where run_id = :id")
          .bind("id", runId)
          .mapTo(Integer.class)
          .forEach(numbers::set);
      return numbers;
    });
  }

  @Override
  public Optional<OutputItem> findItem(String id) {
    return database.read(handle ->
        handle
            .createQuery("select * from eval_output_items where id = :id")
            .bind("id", id)
            .map((row, _) -> item(row))
            .findOne());
  }

  @Override
  public Optional<List<OutputItem>> listItems(ItemQuery query) {
    Map<String, Object> where = new LinkedHashMap<>();
    where.put("run_id", query.runId());
    query.outcome().ifPresent(outcome -> where.put("outcome", outcome.text()));
    var listing =
        new Listing(
            "eval_output_items", "number, number", query.page(), query.newestFirst(), where);
    return database.read(
        handle -> listing.page(handle).map(page -> page.map((row, _) -> item(row)).list()));
  }

  private static Eval eval(ResultSet row, Handle handle) throws SQLException {
    String id = row.getString("id");
    return new Eval(
        id,
        row.getString("name"),
        Row.time(row, "created_at"),
        Row.time(row, "updated_at"),
        METADATA.of(handle, id),
        row.getString("config"),
        row.getString("criteria"));
  }

  private static EvalRun run(ResultSet row, Handle handle) throws SQLException {
    String id = row.getString("id");
    Optional<String> message = Row.optionalText(row, "failure_message");
    String code = Row.optionalText(row, "failure_code").orElse("");
    return new EvalRun(
        id,
        row.getString("eval_id"),
        row.getString("name"),
        Row.time(row, "created_at"),
        RUN_METADATA.of(handle, id),
        row.getString("model"),
        row.getString("source"),
        EvalRunState.of(row.getString("state")),
        new EvalRun.Counts(
            row.getInt("total"), row.getInt("errored"), row.getInt("failed"), row.getInt("passed")),
        List.of(JSON.readValue(row.getString("model_usage"), EvalRun.ModelUsage[].class)),
        List.of(JSON.readValue(row.getString("criteria"), EvalRun.CriterionCounts[].class)),
        message.map(text -> new EvalRun.Failure(code, text)));
  }

  private static OutputItem item(ResultSet row) throws SQLException {
    return new OutputItem(
        row.getString("id"),
        row.getString("run_id"),
        row.getString("eval_id"),
        row.getInt("number"),
        Row.time(row, "created_at"),
        OutputItem.Outcome.of(row.getString("outcome")),
        row.getString("body"));
  }
}
