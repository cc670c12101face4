package dev.luthier.engine.tensor;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/// Unpacks and loads LibTorch, one process at a time until it was unpacked whole.
///
/// JavaCPP writes a library anew when it does not look as it should, which is also how it looks to
/// a second process while the first still unpacks; the first, which has mapped it by then, dies of
/// SIGBUS. A trainer and an inference process that start together on a new folder did so in two of
/// four trials.
final class NativeLibraries {
  private NativeLibraries() {}

  static void load() throws IOException {
    File folder = Loader.getCacheDir();
    Path whole =
        folder.toPath().resolve("whole-" + version() + (Cuda.isOnClassPath() ? "-gpu" : ""));
    if (Files.exists(whole)) {
      Loader.load(torch.class);
      return;
    }
    try (var channel =
            FileChannel.open(
                folder.toPath().resolve("luthier.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      Loader.load(torch.class);
      if (!Files.exists(whole)) {
        Files.createFile(whole);
      }
    }
  }

  private static String version() throws IOException {
    return Loader.getVersion("org.bytedeco", "pytorch");
  }
}
