package dev.luthier.engine.infer;

import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One pass of the model over the next rows of all running sequences.
///
/// Prompts and answers share a pass: a sequence that answers brings one row, one that is still
/// being read brings as much of its prompt as the pass has room for. So a long prompt delays its
/// neighbours by one bounded pass at a time, and a short one is read whole in the first.
final class DecodeStep {
  /// Rows of a pass at most, unless more sequences than this answer at once.
  static final int ROWS_MAX = 256;

  private final Decoder decoder;

  DecodeStep(Decoder decoder) {
    this.decoder = decoder;
  }

  /// Rows [start, start + rows) of the pass, which continue `running`.
  private record Part(RunningSequence running, int start, int rows) {
    /// Whether the token after these rows is to be sampled: nothing known is left to read.
    boolean reachesEnd() {
      return rows == running.unread();
    }
  }

  /// Advances every sequence that finds room. What was sampled is handed out before this returns.
  void run(List<RunningSequence> running) {
    List<Part> parts = parts(running);
    try (Scope _ = Scope.open()) {
      parts.forEach(part -> part.running().cache().reserve(part.rows()));
      Tensor hidden =
          decoder.hidden(tokens(parts), positions(parts), projection(parts), attention(parts));
      List<Part> sampled = parts.stream().filter(Part::reachesEnd).toList();
      parts.forEach(part -> part.running().cache().advance(part.rows()));
      if (!sampled.isEmpty()) {
        sample(sampled, hidden);
      }
    }
  }

  /// Room for prompts is given in the order of arrival; then sequences with the same adapter are
  /// laid side by side, so that each adapter is applied once.
  private static List<Part> parts(List<RunningSequence> running) {
    Map<RunningSequence, Integer> rows = new LinkedHashMap<>();
    int answering = (int) running.stream().filter(each -> each.unread() == 1).count();
    int room = Math.max(ROWS_MAX - answering, ROWS_MAX / 4);
    for (RunningSequence each : running) {
      int unread = each.unread();
      if (unread == 1) {
        rows.put(each, 1);
      } else if (room > 0) {
        rows.put(each, Math.min(unread, room));
        room -= Math.min(unread, room);
      }
    }
    List<Part> parts = new ArrayList<>(rows.size());
    int start = 0;
    for (RunningSequence each :
        rows.keySet().stream().sorted(Comparator.comparing(DecodeStep::adapterName)).toList()) {
      parts.add(new Part(each, start, rows.getOrDefault(each, 0)));
      start += parts.getLast().rows();
    }
    return parts;
  }

  private static String adapterName(RunningSequence running) {
    return running.sequence().request().adapter().map(AdapterRef::name).orElse("");
  }

  private static Tensor tokens(List<Part> parts) {
    int[] tokens = new int[rows(parts)];
    for (Part part : parts) {
      for (int i = 0; i < part.rows(); i++) {
        tokens[part.start() + i] =
            part.running().sequence().tokenAt(part.running().cache().length() + i);
      }
    }
    return Tensor.of(tokens);
  }

  private static Tensor positions(List<Part> parts) {
    int[] positions = new int[rows(parts)];
    for (Part part : parts) {
      for (int i = 0; i < part.rows(); i++) {
        positions[part.start() + i] = part.running().cache().length() + i;
      }
    }
    return Tensor.of(positions);
  }

  private static int rows(List<Part> parts) {
    return parts.getLast().start() + parts.getLast().rows();
  }

  private static BatchProjection projection(List<Part> parts) {
    List<BatchProjection.Group> groups = new ArrayList<>();
    Optional<LoadedAdapters.Lease> before = Optional.empty();
    for (Part part : parts) {
      Optional<LoadedAdapters.Lease> lease = part.running().lease();
      if (lease.isPresent() && lease.equals(before)) {
        BatchProjection.Group last = groups.removeLast();
        groups.add(
            new BatchProjection.Group(last.adapter(), last.start(), last.rows() + part.rows()));
      } else if (lease.isPresent()) {
        groups.add(new BatchProjection.Group(lease.get().weights(), part.start(), part.rows()));
      }
      before = lease;
    }
    return new BatchProjection(groups);
  }

  private BatchAttention attention(List<Part> parts) {
    DType type = decoder.precision().dtype();
    return new BatchAttention(
        decoder.config(),
        type,
        parts.stream()
            .map(part -> new BatchAttention.Part(part.running().cache(), part.start(), part.rows()))
            .toList());
  }

  private void sample(List<Part> sampled, Tensor hidden) {
    int[] ends = sampled.stream().mapToInt(part -> part.start() + part.rows() - 1).toArray();
    Tensor logits = decoder.logits(hidden.indexSelect(0, Tensor.of(ends))).to(DType.F32); // (M, V)
    for (int i = 0; i < sampled.size(); i++) {
      RunningSequence running = sampled.get(i).running();
      Sequence sequence = running.sequence();
      if (sequence.generated() == 0) {
        sequence.prefilled();
      }
      if (!sequence.hasEnded()) {
        Tensor row = logits.narrow(0, i, 1).view(decoder.config().vocabularySize());
        sequence.accept(running.sampler().sample(row, sequence.counts(), sequence.generated()));
      }
    }
  }
}
