package dev.luthier.platform.models;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Page;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.jobs.CheckpointStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// Decides which projects may use a fine-tune or checkpoint. Safe for many threads.
///
/// Without permissions everybody may. As soon as there is one, a caller that names a project must
/// name one of those; one that names none is the owner and always may.
public final class PermissionService {
  private static final int PROJECTS_MAX = 1000;

  private final PermissionStore permissions;
  private final CheckpointStore checkpoints;
  private final Transactions transactions;
  private final Identifiers identifiers;
  private final Clock clock;

  public PermissionService(
      PermissionStore permissions,
      CheckpointStore checkpoints,
      Transactions transactions,
      Identifiers identifiers,
      Clock clock) {
    this.permissions = permissions;
    this.checkpoints = checkpoints;
    this.transactions = transactions;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  /// Gives projects leave; one that has it already keeps it as it is. Durable when this returns.
  ///
  /// @return one permission a project, in the order in which they were named first
  public List<CheckpointPermission> grant(String modelName, List<String> projectIds) {
    for (String project : projectIds) {
      if (!project.matches(CheckpointPermission.PROJECT_PATTERN)) {
        throw ApiException.invalidValue(
            "project_ids",
            ApiException.shown(project),
            "The id of a project has 1 to 64 letters, digits, '_' and '-'.");
      }
    }
    return transactions.call(() -> {
      checkExists(modelName);
      List<CheckpointPermission> before = permissions.of(modelName);
      List<CheckpointPermission> granted = new ArrayList<>();
      int added = 0;
      for (String project : new LinkedHashSet<>(projectIds)) {
        Optional<CheckpointPermission> known =
            before.stream().filter(some -> some.projectId().equals(project)).findFirst();
        added += known.isPresent() ? 0 : 1;
        if (before.size() + added > PROJECTS_MAX) {
          throw ApiException.tooMany("project_ids", PROJECTS_MAX, before.size() + added);
        }
        granted.add(known.orElseGet(() -> insert(modelName, project)));
      }
      return granted;
    });
  }

  private CheckpointPermission insert(String modelName, String project) {
    var permission =
        new CheckpointPermission(identifiers.permission(), modelName, project, clock.instant());
    permissions.insert(permission);
    return permission;
  }

  public Page<CheckpointPermission> list(
      String modelName, Optional<String> projectId, PageRequest page, boolean oldestFirst) {
    checkExists(modelName);
    return permissions
        .list(modelName, projectId, page, oldestFirst)
        .map(rows -> Page.cut(rows, page.limit()))
        .orElseThrow(() ->
            ApiException.invalidValue(
                "after", page.after().orElse(""), "It is not the id of an entry of this list."));
  }

  public void revoke(String modelName, String id) {
    checkExists(modelName);
    if (!permissions.delete(modelName, id)) {
      throw new ApiException(
          ErrorCode.NOT_FOUND,
          "The checkpoint '%s' has no permission '%s'; its list names those it has."
              .formatted(modelName, ApiException.shown(id)),
          Optional.of("permission_id"));
    }
  }

  private void checkExists(String modelName) {
    if (checkpoints.findByName(modelName).isEmpty()) {
      throw ApiException.noSuchModel(modelName);
    }
  }

  /// Whether a caller may use a model.
  ///
  /// @param projectId that the caller says it acts for
  public boolean allows(ResolvedModel.Callable model, Optional<String> projectId) {
    return switch (model) {
      case ResolvedModel.Base _ -> true;
      case ResolvedModel.FineTune _, ResolvedModel.WholeModel _ ->
          projectId.isEmpty() || allows(model, projectId.get());
    };
  }

  private boolean allows(ResolvedModel.Callable model, String projectId) {
    List<CheckpointPermission> granted = permissions.of(model.name());
    return granted.isEmpty()
        || granted.stream().anyMatch(some -> some.projectId().equals(projectId));
  }
}
