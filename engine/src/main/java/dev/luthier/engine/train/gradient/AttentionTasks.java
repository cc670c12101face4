package dev.luthier.engine.train.gradient;

import dev.luthier.engine.kernel.AttentionGradient;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.nn.Document;
import dev.luthier.engine.train.gradient.TiledBuffers.Rows;
import java.util.ArrayList;
import java.util.List;

/// What a pack's attention is cut into: query heads of documents, and on the way back pieces of
/// keys.
final class AttentionTasks {
  /// Keys of a piece: documents differ in length, and a prefix has the gradients of all who see it
  /// to add up.
  private static final int PIECE = 128;

  /// One head of one document. `keys` names what it reads among the pack's; `partial` is where its
  /// share of dK and dV goes, those of heads that read the same one after another.
  record Head(int keys, Document document, int head, int keyHead, long partial) {}

  /// Keys `at` to `at + count - 1` of a document's own, which the heads from `first` on have read
  /// and those from each of `others`, in whose documents they are the prefix.
  record Piece(Head first, List<Head> others, int at, int count) {}

  /// Takes the keys and values of positions `at` to `at + count - 1`, as [AttentionGradient#keys].
  @FunctionalInterface
  interface KeySink {
    void keys(int at, int count, Strided k, Strided v);
  }

  /// Which keys a member holds, so that heads which read the same are handed them once.
  static final class Held {
    private long keys = -1;

    boolean changesTo(long name) {
      boolean others = keys != name;
      keys = name;
      return others;
    }
  }

  private final ModelConfig config;
  private final List<Head> heads = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();

  AttentionTasks(ModelConfig config, Pack pack, long partials) {
    this.config = config;
    long partial = partials;
    var documents = pack.documents();
    for (int d = 0; d < documents.size(); d++) {
      var document = documents.get(d);
      for (int head = 0; head < config.heads(); head++) {
        int keyHead = head / group();
        heads.add(new Head(d * config.kvHeads() + keyHead, document, head, keyHead, partial));
        partial += AttentionGradient.partialBytes(document.keys(), config.headDim());
      }
    }
    for (int first = 0; first < heads.size(); first += group()) {
      listPieces(heads.get(first), documents);
    }
  }

  private void listPieces(Head first, List<Document> documents) {
    var own = first.document().own();
    var others = new ArrayList<Head>();
    for (int d = 0; d < documents.size(); d++) {
      if (documents.get(d).prefix().equals(own)) {
        others.add(heads.get(d * config.heads() + first.head()));
      }
    }
    for (int at = 0; at < own.length(); at += PIECE) {
      pieces.add(new Piece(first, others, at, Math.min(PIECE, own.length() - at)));
    }
  }

  /// Each document's keys rounded up to whole blocks, summed: what gradients of keys are laid out
  /// by.
  static int keyRows(Pack pack) {
    return pack.documents().stream().mapToInt(it -> AttentionGradient.shareRows(it.keys())).sum();
  }

  /// Query heads that read the same keys.
  int group() {
    return config.heads() / config.kvHeads();
  }

  List<Head> heads() {
    return heads;
  }

  List<Piece> pieces() {
    return pieces;
  }

  int keyColumn(Head task) {
    return (config.heads() + task.keyHead()) * config.headDim();
  }

  int valueColumn(Head task) {
    return (config.heads() + config.kvHeads() + task.keyHead()) * config.headDim();
  }

  /// Hands over what a head reads: the keys and values of the prefix, then its document's own.
  void handOver(Head task, Rows qkv, int layer, KeySink sink) {
    var document = task.document();
    if (document.hasPrefix()) {
      handOver(task, document.prefix(), 0, qkv, layer, sink);
    }
    handOver(task, document.own(), document.prefix().length(), qkv, layer, sink);
  }

  private void handOver(Head task, Document.Span rows, int at, Rows qkv, int layer, KeySink sink) {
    sink.keys(
        at,
        rows.length(),
        qkv.at(layer, rows.start(), keyColumn(task)),
        qkv.at(layer, rows.start(), valueColumn(task)));
  }
}
