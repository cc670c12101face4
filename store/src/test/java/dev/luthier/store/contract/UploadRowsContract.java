package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.files.FilePurpose;
import dev.luthier.platform.uploads.Upload;
import dev.luthier.platform.uploads.UploadPart;
import dev.luthier.platform.uploads.UploadState;
import dev.luthier.platform.uploads.UploadStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What every store of uploads in parts keeps to.
abstract class UploadRowsContract {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  abstract UploadStore uploads();

  private static Upload upload(String id, OptionalLong seconds) {
    return new Upload(
        id,
        1L << 32,
        NOW,
        NOW.plusSeconds(3600),
        "rows.jsonl",
        FilePurpose.FINE_TUNE,
        seconds,
        UploadState.PENDING,
        Optional.empty());
  }

  private static UploadPart part(String id, String upload) {
    return new UploadPart(id, upload, NOW, 5);
  }

  @Test
  void uploadsComeBackAsTheyWent() {
    var kept = upload("upload_a", OptionalLong.of(7200));
    uploads().insert(kept);
    uploads().insert(upload("upload_b", OptionalLong.empty()));
    assertEquals(Optional.of(kept), uploads().find("upload_a"));
    assertEquals(Optional.empty(), uploads().find("upload_c"));
    var whole = kept.with(UploadState.COMPLETED, Optional.of("file-1"));
    uploads().update(whole);
    assertEquals(Optional.of(whole), uploads().find("upload_a"));
    assertEquals(UploadState.PENDING, uploads().find("upload_b").orElseThrow().state());
  }

  @Test
  void partsKeepTheirOrderAndGoWithTheEndOfTheirUpload() {
    uploads().insert(upload("upload_a", OptionalLong.empty()));
    uploads().insert(upload("upload_b", OptionalLong.empty()));
    for (String id : List.of("part_3", "part_1", "part_2")) {
      uploads().insertPart(part(id, "upload_a"));
    }
    uploads().insertPart(part("part_b", "upload_b"));
    assertEquals(
        List.of(part("part_3", "upload_a"), part("part_1", "upload_a"), part("part_2", "upload_a")),
        uploads().parts("upload_a"));
    assertEquals(List.of(), uploads().removeEndedParts(NOW));
    uploads()
        .update(
            upload("upload_b", OptionalLong.empty()).with(UploadState.CANCELLED, Optional.empty()));
    assertEquals(List.of("part_b"), uploads().removeEndedParts(NOW));
    assertFalse(uploads().referencesPart("part_b"));
    assertTrue(uploads().referencesPart("part_1"));
    assertEquals(3, uploads().removeEndedParts(NOW.plusSeconds(3600)).size());
    assertEquals(List.of(), uploads().parts("upload_a"));
  }
}
