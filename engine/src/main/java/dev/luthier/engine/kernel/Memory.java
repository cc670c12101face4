package dev.luthier.engine.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/// Native memory for kernels: buffers made once, addressed by plain numbers.
///
/// An address says nothing about length or life, so whoever hands addresses to kernels has checked
/// the shapes before, and keeps the memory alive.
@SuppressWarnings("restricted") // The engine is where native memory is touched.
public final class Memory implements AutoCloseable {
  /// All memory of the process; offset and address are the same.
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final long HUGE_PAGE = 1L << 21;
  private static final long SLAB = 1L << 26;
  private static final long SMALL = 1L << 15;
  private static final long CACHE_LINE = 64;
  private static final int MADV_HUGEPAGE = 14;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final long MAP_FAILED = -1;
  private static final MethodHandle MADVISE =
      call("madvise", ValueLayout.JAVA_INT, long.class, long.class, int.class);
  private static final MethodHandle MMAP =
      call(
          "mmap",
          ValueLayout.JAVA_LONG,
          long.class,
          long.class,
          int.class,
          int.class,
          int.class,
          long.class);
  private static final MethodHandle MUNMAP =
      call("munmap", ValueLayout.JAVA_INT, long.class, long.class);

  /// What was mapped for one large block.
  private record Mapping(long address, long size) {}

  private final Arena arena = Arena.ofShared();
  private final List<Mapping> mappings = new ArrayList<>();
  private long slabNext;
  private long slabEnd;
  private long bytes;
  private boolean closed;

  private static MethodHandle call(String name, ValueLayout result, Class<?>... arguments) {
    var linker = Linker.nativeLinker();
    var layouts = new ValueLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = arguments[i] == int.class ? ValueLayout.JAVA_INT : ValueLayout.JAVA_LONG;
    }
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, layouts));
  }

  /// Zeroed memory that lives until this is closed; large blocks lie on large pages, where the
  /// system gives them. A large block takes real memory only where it is written.
  public synchronized long allocate(long size) {
    if (closed) {
      throw new IllegalStateException("memory is closed");
    }
    bytes += size;
    if (size >= HUGE_PAGE) {
      return map(size);
    }
    return size >= SMALL ? fromSlab(size) : arena.allocate(size, CACHE_LINE).address();
  }

  /// Blocks between small and large share mappings, so that they too lie on large pages: a model's
  /// weights are hundreds of them.
  private long fromSlab(long size) {
    long rounded = (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    if (slabNext + rounded > slabEnd) {
      slabNext = map(SLAB);
      slabEnd = slabNext + SLAB;
    }
    long address = slabNext;
    slabNext += rounded;
    return address;
  }

  /// The system zeroes pages when they are first touched, and only then decides on their size: an
  /// arena would touch them all before the advice is given.
  private long map(long size) {
    try {
      long length = size + HUGE_PAGE;
      long start =
          (long) MMAP.invokeExact(0L, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
      if (start == MAP_FAILED) {
        throw new OutOfMemoryError("the system has no " + size + " bytes for a buffer");
      }
      mappings.add(new Mapping(start, length));
      long address = (start + HUGE_PAGE - 1) & -HUGE_PAGE;
      int _ = (int) MADVISE.invokeExact(address, size, MADV_HUGEPAGE); // Advice; may be ignored.
      return address;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("mmap cannot be called", e);
    }
  }

  /// What was allocated so far.
  public long bytes() {
    return bytes;
  }

  /// The bytes at an address, for tests and for reading and writing files.
  public static MemorySegment segment(long address, long size) {
    return ALL.asSlice(address, size);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    arena.close();
    for (var mapping : mappings) {
      try {
        int _ = (int) MUNMAP.invokeExact(mapping.address(), mapping.size());
      } catch (Throwable e) {
        throw new IllegalStateException("munmap cannot be called", e);
      }
    }
    mappings.clear();
  }
}
