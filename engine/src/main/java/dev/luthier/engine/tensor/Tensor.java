package dev.luthier.engine.tensor;

import dev.luthier.engine.weights.DType;
import dev.luthier.engine.weights.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// A native tensor, owned by a [Scope].
///
/// Operations return new tensors in the innermost scope; those whose names end in `InPlace` or
/// begin with `copy` change this one and return it. Views (`narrow`, `view`, `transpose`) share
/// memory, which lives as long as any of them. A tensor stays on one thread at a time.
///
/// New tensors lie on the device that [Device#use] named. Operations there are only queued; what
/// gives numbers to Java ([#item], [#toFloats], [#onHost]) waits for all of them and is counted by
/// [Device#hostReads].
public final class Tensor implements AutoCloseable {
  private static final ScalarTypeOptional SAME_TYPE;

  static {
    Device.prepareThread();
    SAME_TYPE = new ScalarTypeOptional();
  }

  private final org.bytedeco.pytorch.Tensor handle;
  private Scope owner;
  private boolean closed;

  private Tensor(org.bytedeco.pytorch.Tensor handle, Scope owner) {
    this.handle = handle;
    this.owner = owner;
    owner.adopt(this);
  }

  static Tensor of(org.bytedeco.pytorch.Tensor handle) {
    return new Tensor(handle, Scope.innermost());
  }

  // Making
  // -------------------------------------------------------------------------------------------

  public static Tensor zeros(DType type, long... shape) {
    try (var options = Placement.options(type)) {
      return of(torch.torch_zeros(shape, options));
    }
  }

  public static Tensor filled(double value, DType type, long... shape) {
    try (var options = Placement.options(type);
        var scalar = new Scalar(value)) {
      return of(torch.torch_full(shape, scalar, options));
    }
  }

  /// Memory that is not set: write all of it before it is read.
  public static Tensor empty(DType type, long... shape) {
    try (var options = Placement.options(type)) {
      return of(torch.torch_empty(shape, options, null));
    }
  }

  public static Tensor of(float[] values, long... shape) {
    return Placement.upload(DType.F32, shape, MemorySegment.ofArray(values));
  }

  public static Tensor of(long[] values, long... shape) {
    return Placement.upload(DType.I64, shape, MemorySegment.ofArray(values));
  }

  public static Tensor of(int[] values) {
    return of(Arrays.stream(values).asLongStream().toArray(), values.length);
  }

  /// Uses stored memory as it is, without a copy, on the host. The mapping must stay open while the
  /// tensor or a view of it is used, and nothing may write to it.
  public static Tensor mapped(StoredTensor stored) {
    Scope.innermost();
    try (var options = Placement.hostOptions(stored.type());
        var address = new Placement.Address(stored.data())) {
      return of(torch.from_blob(address, stored.shape(), options));
    }
  }

  public static Tensor cat(int dimension, List<Tensor> tensors) {
    try (var vector = vector(tensors)) {
      return of(torch.cat(vector, dimension));
    }
  }

  // Looking
  // ------------------------------------------------------------------------------------------

  public long[] shape() {
    var shape = new long[(int) handle.dim()];
    for (int d = 0; d < shape.length; d++) {
      shape[d] = handle.size(d);
    }
    return shape;
  }

  /// The size of a dimension; negative counts from the last.
  public long size(int dimension) {
    return handle.size(dimension);
  }

  public long elements() {
    return handle.numel();
  }

  public DType type() {
    return Placement.type(handle.scalar_type());
  }

  /// The memory of a contiguous tensor on the host, row-major; valid while this tensor is open.
  public MemorySegment memory() {
    if (!handle.is_cpu()) {
      throw new IllegalStateException(
          "memory() of a tensor that lies on the device: call onHost() first, shape "
              + Arrays.toString(shape()));
    }
    if (!handle.is_contiguous()) {
      throw new IllegalStateException(
          "memory() of a tensor with strides, shape %s: call contiguous() first"
              .formatted(Arrays.toString(shape())));
    }
    return Placement.span(handle.data_ptr().address(), elements() * type().bytes());
  }

  /// A copy of all elements as fp32, row-major.
  public float[] toFloats() {
    try (var _ = Scope.open()) {
      return to(DType.F32).contiguous().onHost().memory().toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  public long[] toLongs() {
    try (var _ = Scope.open()) {
      return to(DType.I64).contiguous().onHost().memory().toArray(ValueLayout.JAVA_LONG);
    }
  }

  public double[] toDoubles() {
    try (var _ = Scope.open()) {
      return to(DType.F64).contiguous().onHost().memory().toArray(ValueLayout.JAVA_DOUBLE);
    }
  }

  /// The value of the only element.
  public double item() {
    Device.noteHostRead();
    return handle.item_double();
  }

  /// This tensor where Java can read it: itself on the host, else a copy.
  public Tensor onHost() {
    Device.noteHostRead();
    return Placement.moved(this, DeviceClass.CPU);
  }

  /// This tensor on the device that is computed on: itself if it is there, else a copy.
  public Tensor onDevice() {
    return Placement.moved(this, Device.current());
  }

  /// This tensor under a name, as a file keeps it; shares memory, so write it while this is open.
  public StoredTensor stored(String name) {
    return new StoredTensor(name, type(), shape(), memory());
  }

  // Shaping
  // ------------------------------------------------------------------------------------------

  public Tensor to(DType type) {
    return of(handle.to(Placement.scalarType(type)));
  }

  public Tensor contiguous() {
    return of(handle.contiguous());
  }

  public Tensor view(long... shape) {
    return of(handle.view(shape));
  }

  /// Like [#view], with a copy where strides demand one.
  public Tensor reshape(long... shape) {
    return of(handle.reshape(shape));
  }

  public Tensor transpose(int a, int b) {
    return of(handle.transpose(a, b));
  }

  public Tensor narrow(int dimension, long start, long length) {
    return of(handle.narrow(dimension, start, length));
  }

  public Tensor unsqueeze(int dimension) {
    return of(handle.unsqueeze(dimension));
  }

  public Tensor expand(long... shape) {
    return of(handle.expand(shape));
  }

  public Tensor indexSelect(int dimension, Tensor index) {
    if (handle.is_meta()) {
      var shape = shape();
      shape[dimension] = index.elements();
      return empty(type(), shape);
    }
    return of(handle.index_select(dimension, index.handle));
  }

  public Tensor gather(int dimension, Tensor index) {
    return of(handle.gather(dimension, index.handle));
  }

  /// Rows of a table [V,H] by ids [N] -> [N,H].
  public Tensor embedding(Tensor ids) {
    return handle.is_meta() ? indexSelect(0, ids) : of(torch.embedding(handle, ids.handle));
  }

  // Arithmetic
  // ---------------------------------------------------------------------------------------

  public Tensor add(Tensor other) {
    return of(handle.add(other.handle));
  }

  public Tensor add(double value) {
    try (var scalar = new Scalar(value)) {
      return of(handle.add(scalar));
    }
  }

  public Tensor sub(Tensor other) {
    return of(handle.sub(other.handle));
  }

  public Tensor mul(Tensor other) {
    return of(handle.mul(other.handle));
  }

  public Tensor mul(double value) {
    try (var scalar = new Scalar(value)) {
      return of(handle.mul(scalar));
    }
  }

  public Tensor div(Tensor other) {
    return of(handle.div(other.handle));
  }

  public Tensor square() {
    return of(handle.square());
  }

  public Tensor sqrt() {
    return of(handle.sqrt());
  }

  public Tensor reciprocal() {
    return of(handle.reciprocal());
  }

  /// The smaller of each element and `most`.
  public Tensor atMost(double most) {
    try (var scalar = new Scalar(most);
        var none = new ScalarOptional();
        var some = new ScalarOptional(scalar)) {
      return of(torch.clamp(handle, none, some));
    }
  }

  public Tensor rsqrt() {
    return of(handle.rsqrt());
  }

  public Tensor exp() {
    return of(handle.exp());
  }

  public Tensor neg() {
    return of(handle.neg());
  }

  public Tensor cos() {
    return of(handle.cos());
  }

  public Tensor sin() {
    return of(handle.sin());
  }

  public Tensor silu() {
    return of(torch.silu(handle));
  }

  /// d/dx of silu at this `x`, times `gradient`.
  public Tensor siluBackward(Tensor gradient) {
    return of(torch.silu_backward(gradient.handle, handle));
  }

  /// 1 where equal, else 0 (BOOL).
  public Tensor eq(Tensor other) {
    return of(handle.eq(other.handle));
  }

  public Tensor addInPlace(Tensor other) {
    handle.add_(other.handle);
    return this;
  }

  /// this += factor * other
  public Tensor addInPlace(Tensor other, double factor) {
    try (var scalar = new Scalar(factor)) {
      handle.add_(other.handle, scalar);
    }
    return this;
  }

  public Tensor addInPlace(double value) {
    try (var scalar = new Scalar(value)) {
      handle.add_(scalar);
    }
    return this;
  }

  public Tensor subInPlace(Tensor other) {
    handle.sub_(other.handle);
    return this;
  }

  public Tensor mulInPlace(Tensor other) {
    handle.mul_(other.handle);
    return this;
  }

  public Tensor mulInPlace(double value) {
    try (var scalar = new Scalar(value)) {
      handle.mul_(scalar);
    }
    return this;
  }

  public Tensor divInPlace(double value) {
    try (var scalar = new Scalar(value)) {
      handle.div_(scalar);
    }
    return this;
  }

  /// this += factor * a * b, element by element
  public Tensor addProductInPlace(Tensor a, Tensor b, double factor) {
    try (var scalar = new Scalar(factor)) {
      handle.addcmul_(a.handle, b.handle, scalar);
    }
    return this;
  }

  /// this += factor * a / b, element by element
  public Tensor addQuotientInPlace(Tensor a, Tensor b, double factor) {
    try (var scalar = new Scalar(factor)) {
      handle.addcdiv_(a.handle, b.handle, scalar);
    }
    return this;
  }

  public Tensor expInPlace() {
    handle.exp_();
    return this;
  }

  /// this[i][index[i][j]] += values[i][j] for dimension 1, likewise for others.
  public Tensor scatterAddInPlace(int dimension, Tensor index, Tensor values) {
    handle.scatter_add_(dimension, index.handle, values.handle);
    return this;
  }

  public Tensor zeroInPlace() {
    handle.zero_();
    return this;
  }

  /// Takes over the values of another tensor, converting and broadcasting.
  public Tensor copyFrom(Tensor other) {
    handle.copy_(other.handle);
    return this;
  }

  /// Adds the rows of `rows` to the rows of this that `index` names.
  public Tensor indexAddInPlace(int dimension, Tensor index, Tensor rows) {
    handle.index_add_(dimension, index.handle, rows.handle);
    return this;
  }

  // Products and sums
  // --------------------------------------------------------------------------------

  public Tensor matmul(Tensor other) {
    return of(handle.matmul(other.handle));
  }

  /// this [N,in] times weight [out,in] transposed -> [N,out]
  public Tensor linear(Tensor weight) {
    return of(torch.linear(handle, weight.handle));
  }

  /// this = beta * this + alpha * a @ b
  public Tensor addMatmulInPlace(Tensor a, Tensor b, double beta, double alpha) {
    try (var betaScalar = new Scalar(beta);
        var alphaScalar = new Scalar(alpha)) {
      handle.addmm_(a.handle, b.handle, betaScalar, alphaScalar);
    }
    return this;
  }

  /// beta * this + alpha * a @ b, as a new tensor.
  public Tensor addMatmul(Tensor a, Tensor b, double beta, double alpha) {
    try (var betaScalar = new Scalar(beta);
        var alphaScalar = new Scalar(alpha)) {
      return of(torch.addmm(handle, a.handle, b.handle, betaScalar, alphaScalar));
    }
  }

  /// beta * this + alpha * a @ b over batches of matrices, as a new tensor; this may broadcast.
  public Tensor addBatchMatmul(Tensor a, Tensor b, double beta, double alpha) {
    try (var betaScalar = new Scalar(beta);
        var alphaScalar = new Scalar(alpha)) {
      return of(torch.baddbmm(handle, a.handle, b.handle, betaScalar, alphaScalar));
    }
  }

  /// Fused softmax(this k^T / sqrt(D)) v without a gradient: this [B,H,T,D], k and v [B,KV,S,D]
  /// with H a multiple of KV -> [B,H,T,D]. `causal` hides from row t what comes after column t, so
  /// it is right only where T = S.
  public Tensor attend(Tensor k, Tensor v, boolean causal) {
    try (var noMask = new TensorOptional()) {
      return attend(k, v, noMask, causal);
    }
  }

  /// As [#attend(Tensor, Tensor, boolean)], with `mask` [T,S] added to the scaled products.
  public Tensor attend(Tensor k, Tensor v, Tensor mask) {
    try (var someMask = new TensorOptional(mask.handle)) {
      return attend(k, v, someMask, false);
    }
  }

  private Tensor attend(Tensor k, Tensor v, TensorOptional mask, boolean causal) {
    if (handle.is_meta()) {
      return empty(type(), shape());
    }
    try (var usualScale = new DoubleOptional()) {
      return of(
          torch.scaled_dot_product_attention(
              handle, k.handle, v.handle, mask, 0, causal, usualScale, true));
    }
  }

  public Tensor sum() {
    return of(handle.sum());
  }

  public Tensor sum(int dimension, boolean keep) {
    return of(handle.sum(new long[] {dimension}, keep, SAME_TYPE));
  }

  public Tensor mean(int dimension, boolean keep) {
    return of(handle.mean(new long[] {dimension}, keep, SAME_TYPE));
  }

  /// The Euclidean norm of all elements.
  public Tensor norm() {
    return of(handle.norm());
  }

  public Tensor softmax(int dimension) {
    return of(torch.softmax(handle, dimension));
  }

  public Tensor logSumExp(int dimension) {
    if (handle.is_meta()) {
      return sum(dimension, false);
    }
    return of(torch.logsumexp(handle, dimension));
  }

  /// The index of the largest element along the last dimension.
  public Tensor argmaxLast() {
    try (var last = new org.bytedeco.pytorch.LongOptional(-1)) {
      return of(handle.argmax(last, false));
    }
  }

  // Differentiation
  // ----------------------------------------------------------------------------------

  /// A view on the same memory that [Gradients] differentiates with respect to.
  public Tensor asParameter() {
    var leaf = of(handle.detach());
    leaf.handle.set_requires_grad(true);
    return leaf;
  }

  /// Differentiates this scalar with respect to all parameters it was recorded from.
  public void backward() {
    handle.backward();
  }

  /// The gradient that [#backward] left at this parameter, which forgets it.
  public Tensor takeGradient() {
    var reference = handle.mutable_grad();
    var gradient = of(reference.detach());
    reference.reset();
    return gradient;
  }

  // Ownership
  // ----------------------------------------------------------------------------------------

  /// Gives this tensor to another scope.
  public Tensor moveTo(Scope scope) {
    if (closed) {
      throw new IllegalStateException("a closed tensor cannot be moved");
    }
    scope.adopt(this);
    owner = scope;
    return this;
  }

  org.bytedeco.pytorch.Tensor handle() {
    return handle;
  }

  boolean isOwnedBy(Scope scope) {
    return owner == scope && !closed;
  }

  /// Frees this tensor's hold on its memory before its scope does.
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      handle.deallocate();
    }
  }

  @Override
  public String toString() {
    return closed ? "Tensor(closed)" : "Tensor" + Arrays.toString(shape()) + " " + type();
  }

  private static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(
        tensors.stream().map(tensor -> tensor.handle).toArray(org.bytedeco.pytorch.Tensor[]::new));
  }
}
