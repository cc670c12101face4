package dev.luthier.engine.train.gradient;

import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.train.gradient.TiledBuffers.Bench;
import dev.luthier.engine.train.gradient.TiledBuffers.Rows;

/// What a way back leaves beside the gradients of rows: those of the weights that are trained, each
/// a sum over all rows of the pack in their order.
interface WeightSums {
  /// Sums that can be taken at the same time, in any order.
  interface Tasks {
    Tasks NONE =
        new Tasks() {
          @Override
          public int count() {
            return 0;
          }

          @Override
          public void run(Bench bench, int index) {
            throw new IndexOutOfBoundsException(index);
          }
        };

    int count();

    void run(Bench bench, int index);
  }

  /// Makes rows `row` to below `row + count` ready for the sums of a group: gradients of its
  /// outputs, in a matrix of `dy`.
  void ready(Bench bench, int layer, InputGroup group, Rows dy, int matrix, int row, int count);

  /// The sums of a group's linears, from its inputs and the gradients of its outputs.
  Tasks linears(int layer, InputGroup group, Strided x, Strided dy);

  /// The sums of a layer's first norm (0) or second (1), from its inputs; the gradients of its
  /// outputs are in the pass's `branch`.
  Tasks norm(int layer, int which, Rows x);

  /// The sums of the embedding, from the pass's `gradient` rows; none where it is frozen, so that
  /// these need not be computed for the first layer's input.
  Tasks embedding();
}
