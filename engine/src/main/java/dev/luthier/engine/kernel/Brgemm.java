package dev.luthier.engine.kernel;

import dev.luthier.engine.tensor.Device;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Small products on the processor's matrix units (AMX), and in fp32 on its vectors, by the
/// batch-reduce kernels that LibTorch generates.
///
/// C [M,N] = (add ? C : 0) + A [M,K] B [K,N], sums in fp32 (or int32). A is row-major. B lies in
/// the units' own order ("VNNI"): for bf16 two, for int8 four consecutive rows are interleaved, so
/// that element (k, n) of a bf16 B stands at `(k / 2) * 2 * ldb + 2 * n + k % 2`. Leading
/// dimensions count elements of a row of the unpacked matrix.
///
/// Nothing is checked on the way down, and an error there ends the process: shapes are the caller's
/// duty. bf16: K even; int8: K a multiple of 4. Each calling thread keeps the units configured
/// until it calls [#release].
@SuppressWarnings("restricted") // The engine is where native code is called.
public final class Brgemm {
  /// LibTorch's number for bf16.
  private static final byte BFLOAT16 = 15;

  private static final boolean AVAILABLE;
  private static final MethodHandle BF16;
  private static final MethodHandle U8S8;
  private static final MethodHandle FP32;
  private static final MethodHandle RELEASE;

  static {
    var linker = Linker.nativeLinker();
    var symbols = Device.symbols();
    var product =
        FunctionDescriptor.ofVoid(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_BOOLEAN,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_BOOLEAN);
    // "critical" leaves out the change of the thread's state: calls last microseconds.
    var brief = Linker.Option.critical(false);
    BF16 =
        linker.downcallHandle(
            symbols.findOrThrow("_ZN2at6native7cpublas6brgemmEllllllbPKN3c108BFloat16ES5_Pfb"),
            product,
            brief);
    U8S8 =
        linker.downcallHandle(
            symbols.findOrThrow("_ZN2at6native7cpublas6brgemmEllllllbPKhPKaPib"), product, brief);
    FP32 =
        linker.downcallHandle(
            symbols.findOrThrow("_ZN2at6native7cpublas6brgemmEllllllbPKfS3_Pfb"), product, brief);
    RELEASE =
        linker.downcallHandle(
            symbols.findOrThrow("_ZN2at6native7cpublas14brgemm_releaseEb"),
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_BOOLEAN),
            brief);
    var couldPack =
        linker.downcallHandle(
            symbols.findOrThrow("_ZN2at6native7cpublas10could_packEN3c1010ScalarTypeE"),
            FunctionDescriptor.of(ValueLayout.JAVA_BOOLEAN, ValueLayout.JAVA_BYTE));
    try {
      AVAILABLE = (boolean) couldPack.invokeExact(BFLOAT16);
    } catch (Throwable e) {
      throw new IllegalStateException("LibTorch cannot be asked for matrix units", e);
    }
  }

  private Brgemm() {}

  /// Whether this machine has the units and LibTorch is allowed to use them (its switches can mask
  /// them). Nothing else here but [#fp32] may be called where it has not.
  public static boolean isAvailable() {
    return AVAILABLE;
  }

  /// A and B in bf16, C in fp32.
  public static void bf16(
      long m, long n, long k, long lda, long ldb, long ldc, boolean add, long a, long b, long c) {
    try {
      BF16.invokeExact(m, n, k, lda, ldb, ldc, add, a, b, c, true);
    } catch (Throwable e) {
      throw new IllegalStateException("brgemm cannot be called", e);
    }
  }

  /// A in unsigned, B in signed bytes, C in int32.
  public static void u8s8(
      long m, long n, long k, long lda, long ldb, long ldc, boolean add, long a, long b, long c) {
    try {
      U8S8.invokeExact(m, n, k, lda, ldb, ldc, add, a, b, c, true);
    } catch (Throwable e) {
      throw new IllegalStateException("brgemm cannot be called", e);
    }
  }

  /// All in fp32 and B row-major too, with `ldb` elements a row; for any processor, quick with
  /// vectors of 256 bits and more, where code is made for each set of shapes when it is first met.
  public static void fp32(
      long m, long n, long k, long lda, long ldb, long ldc, boolean add, long a, long b, long c) {
    try {
      FP32.invokeExact(m, n, k, lda, ldb, ldc, add, a, b, c, false);
    } catch (Throwable e) {
      throw new IllegalStateException("brgemm cannot be called", e);
    }
  }

  /// Gives the units of the calling thread back.
  public static void release() {
    try {
      RELEASE.invokeExact(true);
    } catch (Throwable e) {
      throw new IllegalStateException("brgemm cannot be called", e);
    }
  }
}
