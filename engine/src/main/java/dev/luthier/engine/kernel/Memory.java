package dev.luthier.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Native memory for kernels: buffers made once, addressed by plain numbers.
///
/// An address says nothing about length or life, so whoever hands addresses to kernels has checked
/// the shapes before, and keeps the memory alive.
@SuppressWarnings("restricted") // The engine is where native memory is touched.
public final class Memory implements AutoCloseable {
  /// All memory of the process; offset and address are the same.
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final long HUGE_PAGE = 1L << 21;
  private static final long CACHE_LINE = 64;
  private static final int MADV_HUGEPAGE = 14;
  private static final MethodHandle MADVISE = madvise();

  private final Arena arena = Arena.ofShared();
  private long bytes;

  private static MethodHandle madvise() {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("madvise"),
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT));
  }

  /// Zeroed memory that lives until this is closed; large blocks lie on large pages, where the
  /// system gives them.
  public long allocate(long size) {
    long alignment = size >= HUGE_PAGE ? HUGE_PAGE : CACHE_LINE;
    long address = arena.allocate(size, alignment).address();
    if (alignment == HUGE_PAGE) {
      advise(address, size);
    }
    bytes += size;
    return address;
  }

  /// What was allocated so far.
  public long bytes() {
    return bytes;
  }

  private static void advise(long address, long size) {
    try {
      int _ = (int) MADVISE.invokeExact(address, size, MADV_HUGEPAGE); // Advice; may be ignored.
    } catch (Throwable e) {
      throw new IllegalStateException("madvise cannot be called", e);
    }
  }

  /// The bytes at an address, for tests and for reading and writing files.
  public static MemorySegment segment(long address, long size) {
    return ALL.asSlice(address, size);
  }

  @Override
  public void close() {
    arena.close();
  }
}
