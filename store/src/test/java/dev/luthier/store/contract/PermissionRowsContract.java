package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.models.CheckpointPermission;
import dev.luthier.platform.models.PermissionStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every store of permissions keeps to.
abstract class PermissionRowsContract {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final String MODEL = "ft:tiny-base:personal:a/b:9abcDEFg";

  abstract PermissionStore permissions();

  private CheckpointPermission inserted(String id, String model, String project) {
    var permission = new CheckpointPermission(id, model, project, NOW);
    permissions().insert(permission);
    return permission;
  }

  @Test
  void permissionsComeBackInBothOrdersPageByPageAndOnlyOfTheirCheckpoint() {
    var first = inserted("cp_1", MODEL, "proj_a");
    var second = inserted("cp_2", MODEL, "proj_b");
    inserted("cp_3", MODEL + ":ckpt-step-9", "proj_a");
    assertEquals(List.of(first, second), permissions().of(MODEL));
    assertEquals(
        Optional.of(List.of(first, second)), page(Optional.empty(), Optional.empty(), true));
    assertEquals(
        Optional.of(List.of(second, first)), page(Optional.empty(), Optional.empty(), false));
    assertEquals(Optional.of(List.of(second)), page(Optional.empty(), Optional.of("cp_1"), true));
    assertEquals(Optional.of(List.of(first)), page(Optional.empty(), Optional.of("cp_2"), false));
    assertEquals(
        Optional.of(List.of(second)), page(Optional.of("proj_b"), Optional.empty(), false));
    assertEquals(
        Optional.empty(), page(Optional.empty(), Optional.of("cp_3"), true), "not of this list");
  }

  private Optional<List<CheckpointPermission>> page(
      Optional<String> project, Optional<String> after, boolean oldestFirst) {
    return permissions().list(MODEL, project, new PageRequest(after, 5), oldestFirst);
  }

  @Test
  void onlyTheCheckpointsOwnPermissionIsDeleted() {
    inserted("cp_1", MODEL, "proj_a");
    assertFalse(permissions().delete("ft:tiny-base:personal::00000000", "cp_1"));
    assertTrue(permissions().delete(MODEL, "cp_1"));
    assertFalse(permissions().delete(MODEL, "cp_1"));
    assertEquals(List.of(), permissions().of(MODEL));
  }
}
