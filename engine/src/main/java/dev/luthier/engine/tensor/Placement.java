package dev.luthier.engine.tensor;

import dev.luthier.engine.weights.DType;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Where a tensor's memory lies and how numbers get there.
final class Placement {
  private Placement() {}

  /// Fills host memory and sends it to the device without waiting for it: pages that are pinned are
  /// copied when the device gets there, and LibTorch keeps them until then.
  static Tensor upload(DType type, long[] shape, MemorySegment values) {
    var device = Device.current();
    boolean pinned = device == DeviceClass.CUDA;
    Tensor host;
    try (var plain = hostOptions(type);
        var pin = new BoolOptional(pinned);
        var options = plain.pinned_memory(pin)) {
      host = Tensor.of(torch.torch_empty(shape, pinned ? options : plain, null));
    }
    host.memory().copyFrom(exactly(values, host));
    if (device == DeviceClass.CPU) {
      return host;
    }
    var there = host.onDevice();
    host.close();
    return there;
  }

  private static MemorySegment exactly(MemorySegment values, Tensor tensor) {
    long given = values.byteSize() / tensor.type().bytes();
    if (given != tensor.elements()) {
      throw new IllegalArgumentException(
          "%d values do not fill a tensor of %d elements".formatted(given, tensor.elements()));
    }
    return values;
  }

  /// A tensor on a device: itself if it is there, else a copy.
  static Tensor moved(Tensor tensor, DeviceClass target) {
    // Only a way to the device may go on unwaited for: the host would read too early.
    boolean unwaited = target != DeviceClass.CPU;
    var handle = tensor.handle();
    try (var device = new org.bytedeco.pytorch.Device(target.text());
        var sameFormat = new MemoryFormatOptional()) {
      return Tensor.of(handle.to(device, handle.scalar_type(), unwaited, false, sameFormat));
    }
  }

  @SuppressWarnings("restricted") // The length comes from the tensor itself.
  static MemorySegment span(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  static DType type(ScalarType type) {
    return switch (type.intern()) {
      case Float -> DType.F32;
      case BFloat16 -> DType.BF16;
      case Half -> DType.F16;
      case Double -> DType.F64;
      case Long -> DType.I64;
      case Int -> DType.I32;
      case Bool -> DType.BOOL;
      default -> throw new IllegalStateException("a tensor of type " + type);
    };
  }

  static TensorOptions options(DType type) {
    var device = Device.current();
    if (device == DeviceClass.CPU) {
      return hostOptions(type);
    }
    try (var plain = hostOptions(type);
        var place = new org.bytedeco.pytorch.Device(device.text());
        var optional = new DeviceOptional(place)) {
      return plain.device(optional);
    }
  }

  static TensorOptions hostOptions(DType type) {
    return new TensorOptions(scalarType(type));
  }

  static ScalarType scalarType(DType type) {
    return switch (type) {
      case F64 -> ScalarType.Double;
      case F32 -> ScalarType.Float;
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      case I64 -> ScalarType.Long;
      case I32 -> ScalarType.Int;
      case I16 -> ScalarType.Short;
      case I8 -> ScalarType.Char;
      case U8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
      case U64, U32, U16, F8_E5M2, F8_E4M3 ->
          throw new IllegalArgumentException(
              "no arithmetic is offered on elements of type " + type);
    };
  }

  static final class Address extends Pointer {
    Address(MemorySegment segment) {
      address = segment.address();
    }
  }
}
