package dev.luthier.store.sql;

import dev.luthier.platform.jobs.Integration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Integrations as a column of JSON.
final class IntegrationColumn {
  private static final String WANDB = "wandb";
  private static final String TENSORBOARD = "tensorboard";
  private static final TypeReference<List<Entry>> ENTRIES = new TypeReference<>() {};
  private static final JsonMapper JSON = JsonMapper.shared();

  /// One of them; rows of an earlier version have no `type` and are all of Weights & Biases.
  private record Entry(
      Optional<String> type,
      Optional<String> project,
      Optional<String> name,
      Optional<String> entity,
      Optional<List<String>> tags) {}

  private IntegrationColumn() {}

  static String write(List<Integration> integrations) {
    return JSON.writeValueAsString(integrations.stream().map(IntegrationColumn::entry).toList());
  }

  private static Entry entry(Integration integration) {
    return switch (integration) {
      case Integration.Wandb(var project, var name, var entity, var tags) ->
          new Entry(Optional.of(WANDB), Optional.of(project), name, entity, Optional.of(tags));
      case Integration.TensorBoard _ ->
          new Entry(
              Optional.of(TENSORBOARD),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
    };
  }

  static List<Integration> read(String column) {
    return JSON.readValue(column, ENTRIES).stream().map(IntegrationColumn::integration).toList();
  }

  private static Integration integration(Entry entry) {
    return entry.type().orElse(WANDB).equals(TENSORBOARD)
        ? new Integration.TensorBoard()
        : new Integration.Wandb(
            entry.project().orElseThrow(),
            entry.name(),
            entry.entity(),
            entry.tags().orElse(List.of()));
  }
}
