package dev.luthier.engine.tensor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/// Unpacks and loads LibTorch, one process at a time.
///
/// JavaCPP writes a library anew when it does not look as it should, which is how it looks while
/// another process still unpacks it, and in a data folder that was copied without its times. A
/// process that has it mapped by then dies of SIGBUS: of a trainer and an inference process that
/// started together on a new folder, one did in two of four trials. Behind the lock, whoever comes
/// second finds the library whole.
final class NativeLibraries {
  private NativeLibraries() {}

  static void load() throws IOException {
    Path lock = Loader.getCacheDir().toPath().resolve("luthier.lock");
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      Loader.load(torch.class);
    }
  }
}
