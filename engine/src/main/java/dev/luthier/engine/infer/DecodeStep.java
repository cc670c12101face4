package dev.luthier.engine.infer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One pass of the model over the next rows of all running sequences.
///
/// Prompts and answers share a pass: a sequence that answers brings one row, one that is still
/// being read brings as much of its prompt as the pass has room for. So a long prompt delays its
/// neighbours by one bounded pass at a time, and a short one is read whole in the first.
final class DecodeStep<C extends BatchModel.Cache, A extends BatchModel.Adapter> {
  /// Rows of a pass at most, unless more sequences than this answer at once.
  static final int ROWS_MAX = 256;

  private final BatchModel<C, A> model;

  DecodeStep(BatchModel<C, A> model) {
    this.model = model;
  }

  /// Advances every sequence that finds room. What was sampled is handed out before this returns.
  void run(List<RunningSequence<C, A>> running) {
    List<RunningSequence<C, A>> chosen = new ArrayList<>();
    List<BatchModel.Rows<C, A>> pass = new ArrayList<>();
    room(running).entrySet().stream()
        .sorted(Comparator.comparing(entry -> adapterName(entry.getKey())))
        .forEach(entry -> {
          chosen.add(entry.getKey());
          pass.add(entry.getKey().next(entry.getValue()));
        });
    model.run(pass, (index, logits) -> sample(chosen.get(index), logits));
  }

  /// How many rows each sequence brings. Room for prompts is given in the order of arrival; then
  /// sequences with the same adapter are laid side by side, so that each adapter is applied once.
  private static <C extends BatchModel.Cache, A extends BatchModel.Adapter>
      Map<RunningSequence<C, A>, Integer> room(List<RunningSequence<C, A>> running) {
    Map<RunningSequence<C, A>, Integer> rows = new LinkedHashMap<>();
    int answering = (int) running.stream().filter(each -> each.unread() == 1).count();
    int room = Math.max(ROWS_MAX - answering, ROWS_MAX / 4);
    for (RunningSequence<C, A> each : running) {
      int unread = each.unread();
      if (unread == 1) {
        rows.put(each, 1);
      } else if (room > 0) {
        rows.put(each, Math.min(unread, room));
        room -= Math.min(unread, room);
      }
    }
    return rows;
  }

  private static String adapterName(RunningSequence<?, ?> running) {
    return running.sequence().request().adapter().map(AdapterRef::name).orElse("");
  }

  private void sample(RunningSequence<C, A> running, float[] logits) {
    Sequence sequence = running.sequence();
    if (sequence.generated() == 0) {
      sequence.prefilled(running.recalled());
    }
    if (!sequence.hasEnded()) {
      sequence.guarded(() ->
          sequence.accept(
              running
                  .sampler()
                  .sample(
                      logits,
                      sequence.counts(),
                      sequence.generated(),
                      sequence.request().constraint())));
    }
  }
}
