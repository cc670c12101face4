package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.models.AdapterStore;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.trainer.RunStore;
import dev.luthier.store.folder.FolderAdapterStore;
import dev.luthier.store.folder.FolderBaseStore;
import dev.luthier.store.folder.FolderBlobStore;
import dev.luthier.store.folder.FolderRunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBytesTest extends BytesContract {
  @TempDir Path data;
  private BlobStore blobs;
  private AdapterStore adapters;
  private RunStore runs;

  @BeforeEach
  void open() throws IOException {
    Path temporary = data.resolve("tmp");
    blobs = new FolderBlobStore(data.resolve("files"), temporary);
    adapters = new FolderAdapterStore(data.resolve("adapters"), temporary);
    runs = new FolderRunStore(data.resolve("runs"));
  }

  @Override
  BlobStore blobs() {
    return blobs;
  }

  @Override
  AdapterStore adapters() {
    return adapters;
  }

  @Override
  RunStore runs() {
    return runs;
  }

  @Test
  void unfinishedBlobsAreSweptAndNothingElse() throws IOException {
    Files.writeString(data.resolve("tmp/blob-file-1-7"), "half");
    Files.writeString(data.resolve("tmp/other"), "not ours");
    blobs.sweepUnfinished();
    try (var left = Files.list(data.resolve("tmp"))) {
      assertEquals(List.of(data.resolve("tmp/other")), left.toList());
    }
  }

  @Test
  void aBaseIsThereOnceItsLastFileIs() throws IOException {
    var bases = new FolderBaseStore(data.resolve("bases"));
    assertEquals(List.of(), bases.all());
    Files.createDirectories(data.resolve("bases/tiny-1.5b"));
    assertEquals(List.of(), bases.all());
    Files.writeString(data.resolve("bases/tiny-1.5b/base.json"), "{}");
    assertEquals(List.of("tiny-1.5b"), bases.all().stream().map(BaseModel::id).toList());
    assertEquals(true, bases.find("../bases/tiny-1.5b").isEmpty());
  }
}
