package dev.luthier.worker.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.infer.AdapterRef;
import dev.luthier.engine.infer.EndReason;
import dev.luthier.engine.infer.GeneratedToken;
import dev.luthier.engine.infer.GenerationRequest;
import dev.luthier.engine.infer.SamplingSettings;
import dev.luthier.engine.infer.TokenSink;
import dev.luthier.wire.bench.GenerationBenchReport;
import dev.luthier.wire.bench.GenerationBenchReport.Decoding;
import dev.luthier.wire.bench.GenerationBenchRequest;
import dev.luthier.worker.TinyBase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class GenerationBenchTest {
  @TempDir Path folder;

  private GenerationBenchRequest request(int promptTokens, List<Integer> concurrency)
      throws IOException {
    Path base = TinyBase.write(folder.resolve("base-" + promptTokens), 11);
    return new GenerationBenchRequest(
        "tiny", base.toString(), promptTokens, 6, concurrency, List.of(0, 2), 2);
  }

  @Test
  void everyCombinationHasItsFigure() throws Exception {
    GenerationBenchReport report = GenerationBench.measure(request(20, List.of(1, 3)));
    assertEquals(
        List.of("1x0", "1x2", "3x0", "3x2"),
        report.decodeTokensPerSecond().stream()
            .map(decoding -> decoding.concurrency() + "x" + decoding.adapters())
            .toList());
    for (Decoding decoding : report.decodeTokensPerSecond()) {
      double speed = decoding.tokensPerSecond();
      assertTrue(Double.isFinite(speed) && speed > 1, decoding.toString());
    }
    assertTrue(Double.isFinite(report.prefillTokensPerSecond()), report.toString());
    assertTrue(
        report.timeToFirstToken() >= 20 / report.prefillTokensPerSecond(), report.toString());
  }

  @Test
  void whatHasNoRoomIsRefusedWithBothNumbers() throws Exception {
    refused(request(122, List.of(1)), "128", "127");
    refused(request(20, List.of(17)), "17", "16");
  }

  private static void refused(GenerationBenchRequest request, String asked, String room) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> GenerationBench.measure(request));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(asked) && message.contains(room), message);
  }

  @Test
  void adaptersThatAreMadeChangeAnswers() throws Exception {
    Path base = TinyBase.write(folder.resolve("base"), 11);
    var adapter = RandomAdapters.write(base, folder, 1, 5).getFirst();
    try (var model = EngineModel.open(base)) {
      var ofTheBase = new FirstLogprob();
      var ofTheAdapter = new FirstLogprob();
      model.submit(asking(Optional.empty()), ofTheBase);
      model.submit(asking(Optional.of(adapter)), ofTheAdapter);
      assertTrue(
          Math.abs(ofTheBase.get() - ofTheAdapter.get()) > 1e-6,
          ofTheBase.get() + " and " + ofTheAdapter.get());
    }
  }

  private static GenerationRequest asking(Optional<AdapterRef> adapter) {
    var sampling = new SamplingSettings(0, 1, 0, 0, 0, Map.of(), 0);
    return new GenerationRequest(new int[] {5, 6, 7}, adapter, sampling, 1, Set.of());
  }

  private static final class FirstLogprob implements TokenSink {
    private final CompletableFuture<Float> logprob = new CompletableFuture<>();

    float get() throws Exception {
      return logprob.get();
    }

    @Override
    public void prefilled(int promptTokens, int cachedTokens) {}

    @Override
    public boolean token(GeneratedToken token) {
      logprob.complete(token.logprob());
      return true;
    }

    @Override
    public void end(EndReason reason) {}

    @Override
    public void failed(Throwable cause) {
      logprob.completeExceptionally(cause);
    }
  }
}
