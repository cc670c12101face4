package dev.luthier.engine.train;

import dev.luthier.engine.infer.AdapterRef;
import dev.luthier.engine.infer.EndReason;
import dev.luthier.engine.infer.GeneratedToken;
import dev.luthier.engine.infer.GenerationRequest;
import dev.luthier.engine.infer.Generator;
import dev.luthier.engine.infer.GeneratorSettings;
import dev.luthier.engine.infer.SamplingSettings;
import dev.luthier.engine.infer.TokenConstraint;
import dev.luthier.engine.infer.TokenSink;
import dev.luthier.engine.model.MasterWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Draws answers as chats get theirs: from a second opening of the base, many at a time, with the
/// adapter as it was written a moment ago. Belongs to the run's thread.
public final class PolicyAnswers implements Answering, AutoCloseable {
  private static final String FOLDER = "policy";
  private static final long WAIT_MINUTES = 30;

  private final Generator generator;
  private final Path folder;
  private final int tokensMax;
  private final Set<Integer> endTokens;
  private final int atOnce;
  private final Supplier<Optional<TokenConstraint>> constraints;
  private long drawings;

  /// Draws answers that may say anything.
  public PolicyAnswers(
      Path baseFolder,
      GeneratorSettings settings,
      Path scratch,
      int tokensMax,
      Set<Integer> endTokens)
      throws IOException {
    this(baseFolder, settings, scratch, tokensMax, endTokens, Optional::empty);
  }

  /// Opens the base; `tokensMax` is the longest answer, its ending token counted.
  ///
  /// @param scratch an existing folder for adapters that are read once
  /// @param constraints gives each answer its own, if it must have a form
  public PolicyAnswers(
      Path baseFolder,
      GeneratorSettings settings,
      Path scratch,
      int tokensMax,
      Set<Integer> endTokens,
      Supplier<Optional<TokenConstraint>> constraints)
      throws IOException {
    this.generator = Generator.open(baseFolder, settings);
    this.folder = scratch.resolve(FOLDER);
    this.tokensMax = tokensMax;
    this.endTokens = Set.copyOf(endTokens);
    this.atOnce = settings.queueMax();
    this.constraints = constraints;
  }

  @Override
  public List<Answer> draw(MasterWeights weights, List<Wanted> wanted) {
    var adapter = new AdapterRef(FOLDER + "-" + ++drawings, folder);
    try {
      Files.createDirectories(folder);
      weights.write(folder, FOLDER);
    } catch (IOException e) {
      throw new UncheckedIOException("the adapter cannot be handed to the decoder", e);
    }
    var answers = new ArrayList<Answer>();
    for (int first = 0; first < wanted.size(); first += atOnce) {
      var some = wanted.subList(first, Math.min(wanted.size(), first + atOnce));
      var coming = some.stream().map(_ -> new Collecting()).toList();
      // At one moment: what is decoded together must not be decided by chance.
      generator.submit(
          IntStream.range(0, some.size())
              .mapToObj(i -> order(adapter, some.get(i), coming.get(i)))
              .toList());
      coming.forEach(sink -> answers.add(await(sink.answer)));
    }
    generator.unload(adapter.name());
    return answers;
  }

  private Generator.Order order(AdapterRef adapter, Wanted wanted, Collecting sink) {
    int room = generator.contextLength() - wanted.prompt().length();
    if (room < 1) {
      throw new TrainingException(
          "a prompt of %d tokens leaves no room for an answer in a context of %d"
              .formatted(wanted.prompt().length(), generator.contextLength()));
    }
    return new Generator.Order(
        new GenerationRequest(
            wanted.prompt().tokens(),
            Optional.of(adapter),
            new SamplingSettings(1, 1, wanted.seed(), 0, 0, Map.of(), -1),
            Math.min(tokensMax, room),
            Set.of(),
            constraints.get()),
        sink);
  }

  private static Answer await(CompletableFuture<Answer> answer) {
    try {
      return answer.get(WAIT_MINUTES, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var cancelled = new CancellationException("interrupted while answers were drawn");
      cancelled.initCause(e);
      throw cancelled;
    } catch (ExecutionException | TimeoutException e) {
      throw new TrainingException("an answer could not be drawn", e);
    }
  }

  /// Ends an answer at an ending token, which it keeps: it is learned like any other.
  private final class Collecting implements TokenSink {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final List<Integer> tokens = new ArrayList<>();

    @Override
    public void prefilled(int promptTokens, int cachedTokens) {}

    @Override
    public boolean token(GeneratedToken token) {
      tokens.add(token.id());
      return !endTokens.contains(token.id());
    }

    @Override
    public void end(EndReason reason) {
      if (tokens.isEmpty()) {
        failed(new TrainingException("the decoder ended before an answer began: " + reason));
        return;
      }
      answer.complete(
          new Answer(
              tokens.stream().mapToInt(Integer::intValue).toArray(),
              endTokens.contains(tokens.getLast())));
    }

    @Override
    public void failed(Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }

  @Override
  public void close() {
    generator.close();
  }
}
