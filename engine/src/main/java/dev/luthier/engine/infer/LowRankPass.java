package dev.luthier.engine.infer;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.infer.BatchModel.Rows;
import dev.luthier.engine.kernel.Bf16Rows;
import dev.luthier.engine.kernel.ByteProduct;
import dev.luthier.engine.kernel.LowRankBytes;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Product;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.Term;
import dev.luthier.engine.kernel.Workspace;
import dev.luthier.engine.model.InputGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What adapters add to the products of a pass. Rows of prompts that share an adapter are one
/// product on the matrix units; each row of an answer goes through the bytes of its adapter alone.
final class LowRankPass {
  private static final int RANK_MAX = 512;

  /// Linears of a group at most.
  private static final int LINEARS_MAX = 3;

  /// Tasks that a row is cut into where rows are fewer than the crew.
  private static final int PARTS = 2;

  /// Elements of a low-rank row that are computed together.
  private static final int GRAIN = 4;

  /// Rows [first, first + rows) of the pass, which belong to prompts and share an adapter.
  private record Prompts(PackedAdapter adapter, int first, int rows) {}

  /// A row of an answer, the `place`-th of the pass.
  private record Answer(PackedAdapter adapter, int row, int place) {}

  private final Crew crew;
  private final List<Workspace> workspaces;
  private final Strided low; // bf16: X A^T of all linears of a group, for prompts
  private final Strided lowOfAnswers; // fp32, likewise
  private final Strided scratch; // fp32: a row for each member
  private final List<Prompts> prompts = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final List<Answer> answersBefore = new ArrayList<>();

  /// What answers add, by layer and group: the same as long as the same answers stand in a pass.
  private final Map<Place, List<ByteProduct.Addend>> known = new HashMap<>();

  private record Place(int layer, InputGroup group) {}

  LowRankPass(
      Memory memory,
      Crew crew,
      List<Workspace> workspaces,
      int rowsMax,
      int answersMax,
      int deepest) {
    this.crew = crew;
    this.workspaces = workspaces;
    long width = (long) LINEARS_MAX * RANK_MAX;
    low = new Strided(memory.allocate(rowsMax * width * Short.BYTES), width);
    lowOfAnswers = new Strided(memory.allocate(answersMax * width * Float.BYTES), width);
    scratch = new Strided(memory.allocate((long) crew.size() * deepest * Float.BYTES), deepest);
  }

  /// Forgets the pass before.
  void begin() {
    answersBefore.clear();
    answersBefore.addAll(answers);
    prompts.clear();
    answers.clear();
  }

  /// All sequences are added.
  void ready() {
    if (!answers.equals(answersBefore)) {
      known.clear();
    }
  }

  /// Adds a sequence whose rows begin at row `first` of the pass.
  void add(Rows<RawCache, PackedAdapter> part, int first) {
    if (part.adapter().isEmpty()) {
      return;
    }
    PackedAdapter adapter = part.adapter().get();
    int rows = part.tokens().length;
    if (part.cache().answers(part.cache().length())) {
      answers.add(new Answer(adapter, first, answers.size()));
      return;
    }
    if (!prompts.isEmpty()) {
      Prompts before = prompts.getLast();
      if (before.adapter() == adapter && before.first() + before.rows() == first) {
        prompts.removeLast();
        prompts.add(new Prompts(adapter, before.first(), before.rows() + rows));
        return;
      }
    }
    prompts.add(new Prompts(adapter, first, rows));
  }

  /// Whether rows of answers read bytes of adapters: best in long stretches.
  boolean hasAnswers() {
    return !answers.isEmpty();
  }

  /// Whether there are enough answers for everybody: a row in one stretch is read fastest, and who
  /// has made it goes on with it ([#shrinkAnswers]). Few rows are cut, so that nobody waits.
  boolean goesRowByRow() {
    return answers.size() >= crew.size();
  }

  /// Multiplies those of rows [first, first + count) of `from` that belong to answers with the A of
  /// a group.
  void shrinkAnswers(int layer, InputGroup group, Strided from, int member, int first, int count) {
    for (Answer answer : answers) {
      if (answer.row() >= first && answer.row() < first + count) {
        shrink(layer, group, from, member, answer, 0, 1);
      }
    }
  }

  /// Multiplies rows `from` with the A of a group of linears, but for what [#shrinkAnswers] does;
  /// gives what their B add to the results.
  List<ByteProduct.Addend> terms(int layer, InputGroup group, Strided from) {
    if (prompts.isEmpty() && answers.isEmpty()) {
      return List.of();
    }
    int cut = goesRowByRow() ? 0 : answers.size() * PARTS;
    crew.each(
        prompts.size() + cut,
        (member, index) -> {
          int own = index - prompts.size();
          if (own < 0) {
            shrink(layer, group, from, workspaces.get(member), prompts.get(index));
          } else {
            shrink(layer, group, from, member, answers.get(own / PARTS), own % PARTS, PARTS);
          }
        });
    var ofAnswers = known.computeIfAbsent(new Place(layer, group), this::termsOfAnswers);
    if (prompts.isEmpty()) {
      return ofAnswers;
    }
    List<ByteProduct.Addend> terms = new ArrayList<>();
    prompts.forEach(each -> addTerms(layer, group, each, terms));
    terms.addAll(ofAnswers);
    return terms;
  }

  private List<ByteProduct.Addend> termsOfAnswers(Place place) {
    List<ByteProduct.Addend> terms = new ArrayList<>();
    answers.forEach(each -> addTerms(place.layer(), place.group(), each, terms));
    return terms;
  }

  private void shrink(int layer, InputGroup group, Strided from, Workspace space, Prompts each) {
    each.adapter()
        .at(layer, group)
        .ifPresent(pairs ->
            Product.toBf16(
                space,
                each.rows(),
                new Strided(place(low, each.first(), Short.BYTES), low.stride()),
                new Term(
                    new Strided(place(from, each.first(), Short.BYTES), from.stride()),
                    pairs.shrink())));
  }

  /// Part `part` of `parts` of the ranks of all linears.
  private void shrink(
      int layer, InputGroup group, Strided from, int member, Answer each, int part, int parts) {
    Optional<PackedAdapter.Pairs> pairs = each.adapter().at(layer, group);
    if (pairs.isEmpty()) {
      return;
    }
    int in = pairs.get().shrink().depth();
    long row = place(scratch, member, Float.BYTES);
    Bf16Rows.toFp32(row, in, place(from, each.row(), Short.BYTES), from.stride(), 1, in);
    LowRankBytes bytes = pairs.get().bytes();
    int first = bytes.rank() * part / parts / GRAIN * GRAIN;
    int end = bytes.rank() * (part + 1) / parts / GRAIN * GRAIN;
    bytes.shrink(row, first, end - first, low(each));
  }

  private void addTerms(int layer, InputGroup group, Prompts each, List<ByteProduct.Addend> terms) {
    Optional<PackedAdapter.Pairs> pairs = each.adapter().at(layer, group);
    if (pairs.isPresent()) {
      long p = place(low, each.first(), Short.BYTES);
      for (PackedAdapter.Expansion linear : pairs.get().expansions()) {
        var own = new Strided(p + (long) linear.at() * Short.BYTES, low.stride());
        terms.add(
            new ByteProduct.RowTerm(
                each.first(), each.rows(), new Term(own, linear.b(), linear.firstColumn())));
      }
    }
  }

  private void addTerms(int layer, InputGroup group, Answer each, List<ByteProduct.Addend> terms) {
    Optional<PackedAdapter.Pairs> pairs = each.adapter().at(layer, group);
    for (int i = 0; pairs.isPresent() && i < pairs.get().expansions().size(); i++) {
      int column = pairs.get().expansions().get(i).firstColumn();
      LowRankBytes.Expansion b = pairs.get().bytes().expansions().get(i);
      terms.add(ByteProduct.ByteTerm.of(each.row(), low(each), b, column));
    }
  }

  /// Where an answer's row of fp32, the ranks of all linears, lies.
  private long low(Answer answer) {
    return place(lowOfAnswers, answer.place(), Float.BYTES);
  }

  private static long place(Strided rows, int row, int bytes) {
    return rows.address() + row * rows.stride() * bytes;
  }
}
