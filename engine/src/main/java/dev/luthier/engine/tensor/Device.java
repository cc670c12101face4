package dev.luthier.engine.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.global.torch;

/// The processor that tensors live on, and how LibTorch is set up for it.
///
/// Every JavaCPP switch has to be set before its first class is loaded, so all roads into this
/// package lead through here. The waiting policy of OpenMP is read by its library when it is loaded
/// and can only come from the environment: whoever launches a process that trains or serves sets
/// `GOMP_SPINCOUNT`, or a busy neighbour stalls every parallel product (docs/decisions/0007).
public final class Device {
  private static boolean loaded;
  private static final AtomicLong HOST_READS = new AtomicLong();
  private static volatile DeviceClass current = DeviceClass.CPU;
  private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

  private Device() {}

  /// Sets where native libraries are unpacked. Must be called before the first tensor is made.
  public static synchronized void nativesFolder(Path folder) {
    if (loaded) {
      throw new IllegalStateException(
          "LibTorch is loaded already; name the folder %s before the first tensor is made"
              .formatted(folder));
    }
    System.setProperty("org.bytedeco.javacpp.cachedir", folder.toAbsolutePath().toString());
  }

  /// Sets where tensors are made from now on, for all threads of this process: once, before the
  /// first. The processor unless told.
  public static void use(DeviceClass device) {
    current = device;
  }

  public static DeviceClass current() {
    return current;
  }

  /// How often this process has waited for numbers of a tensor, on the processor too, where nobody
  /// waits. A step that reads once at its end keeps a GPU busy; a test counts.
  public static long hostReads() {
    return HOST_READS.get();
  }

  static void noteHostRead() {
    HOST_READS.incrementAndGet();
  }

  /// Begins to load LibTorch, half a second's work, on a thread of its own: a process that will
  /// need it does something else meanwhile. Whoever comes sooner waits; a failure is met by them
  /// again.
  public static void loadAhead() {
    Thread.ofPlatform().name("load-libtorch").daemon().start(Device::load);
  }

  /// Sets how many threads one product is spread over. The bits of a sum may depend on it, so a run
  /// that is to be repeated exactly keeps it.
  public static void threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "at least 1 thread computes, but %d were asked".formatted(threads));
    }
    prepareThread();
    torch.set_num_threads(threads);
  }

  public static int threads() {
    prepareThread();
    return torch.get_num_threads();
  }

  /// Chooses the compute type of this process's device and says why.
  public static ComputeType computeType() {
    if (current == DeviceClass.CUDA) {
      return new ComputeType(Precision.BF16, "the GPU multiplies bf16 in its tensor cores");
    }
    String flags = cpuFlags();
    if (flags.contains(" amx_bf16")) {
      return new ComputeType(Precision.BF16, "the processor multiplies bf16 in matrix units (AMX)");
    }
    if (flags.contains(" avx512_bf16")) {
      return new ComputeType(
          Precision.BF16, "the processor multiplies bf16 in its vectors (AVX512)");
    }
    return new ComputeType(
        Precision.FP32, "the processor has no bf16 products, which would be emulated slowly");
  }

  private static String cpuFlags() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.filter(line -> line.startsWith("flags")).findFirst().orElse("");
    } catch (IOException e) {
      return ""; // Not Linux: no bf16 units are assumed.
    }
  }

  /// The functions that LibTorch's CPU library exports, its C++ names as they are mangled.
  @SuppressWarnings("restricted") // The engine is where native code is called.
  public static SymbolLookup symbols() {
    load();
    try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
      var library =
          maps.filter(line -> line.endsWith("/libtorch_cpu.so"))
              .map(line -> Path.of(line.substring(line.indexOf('/'))))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("libtorch_cpu.so is not mapped"));
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IOException e) {
      throw new UncheckedIOException("the mapped libraries cannot be listed", e);
    }
  }

  static void prepareThread() {
    load();
    if (!PREPARED.get()) {
      GradMode.set_enabled(false); // Thread-local in LibTorch; Gradients.recorded turns it on.
      PREPARED.set(true);
    }
  }

  private static synchronized void load() {
    if (loaded) {
      return;
    }
    // Scopes free tensors; the collector need not follow them, which saves a global lock per
    // tensor.
    System.setProperty("org.bytedeco.javacpp.noPointerGC", "true");
    // With limits above 0 JavaCPP reads the process's memory figures at every allocation.
    System.setProperty("org.bytedeco.javacpp.maxbytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
    try {
      NativeLibraries.load();
    } catch (IOException e) {
      throw new UncheckedIOException("LibTorch cannot be unpacked", e);
    }
    loaded = true;
  }
}
