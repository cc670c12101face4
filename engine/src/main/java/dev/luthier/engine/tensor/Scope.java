package dev.luthier.engine.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Owns native tensors and frees them when it closes.
///
/// `open()` pushes a scope on this thread's stack; every tensor made while it is innermost belongs
/// to it. What must live on is moved out by name: `scope.keep(tensor)` gives it to the scope around
/// it, `tensor.moveTo(owner)` to a named one. `detached()` makes a scope that is on no stack, for
/// things that live as long as an object, such as a model's weights. A scope belongs to one thread
/// and is closed there.
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<Deque<Scope>> STACK = ThreadLocal.withInitial(ArrayDeque::new);

  private final List<Tensor> owned = new ArrayList<>();
  private final boolean stacked;
  private boolean closed;

  private Scope(boolean stacked) {
    this.stacked = stacked;
  }

  public static Scope open() {
    Device.prepareThread();
    var scope = new Scope(true);
    STACK.get().push(scope);
    return scope;
  }

  public static Scope detached() {
    return new Scope(false);
  }

  /// Moves a tensor out to the scope around this one, so that it outlives this one.
  public Tensor keep(Tensor tensor) {
    if (!stacked) {
      throw new IllegalStateException(
          "a detached scope has no scope around it to keep a tensor in");
    }
    var around = STACK.get().stream().skip(1).findFirst();
    return tensor.moveTo(
        around.orElseThrow(() ->
            new IllegalStateException(
                "keep() in the outermost scope: name an owner, moveTo(scope)")));
  }

  static Scope innermost() {
    var scope = STACK.get().peek();
    if (scope == null) {
      throw new IllegalStateException(
          "a tensor is made outside any scope on thread '%s': wrap it in try (var scope = Scope.open())"
              .formatted(Thread.currentThread().getName()));
    }
    return scope;
  }

  void adopt(Tensor tensor) {
    if (closed) {
      throw new IllegalStateException("a tensor cannot move to a scope that is closed");
    }
    owned.add(tensor);
  }

  /// How many tensors this scope still answers for; a test of leaks reads it.
  public int size() {
    return (int) owned.stream().filter(tensor -> tensor.isOwnedBy(this)).count();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (stacked) {
      var top = STACK.get().pop();
      if (top != this) {
        STACK.get().push(top);
        throw new IllegalStateException(
            "scopes close innermost first, on the thread that opened them");
      }
    }
    for (int i = owned.size() - 1; i >= 0; i--) {
      var tensor = owned.get(i);
      if (tensor.isOwnedBy(this)) {
        tensor.close();
      }
    }
    owned.clear();
  }
}
