package dev.luthier.worker;

import dev.luthier.wire.Json;
import dev.luthier.wire.bench.BenchFailure;
import dev.luthier.wire.bench.GenerationBenchRequest;
import dev.luthier.wire.bench.PerplexityBenchRequest;
import dev.luthier.wire.bench.ProductBenchRequest;
import dev.luthier.wire.bench.TrainingBenchRequest;
import dev.luthier.wire.bench.VerificationRequest;
import dev.luthier.worker.inference.GenerationBench;
import dev.luthier.worker.inference.PerplexityBench;
import dev.luthier.worker.trainer.ParentsGrades;
import dev.luthier.worker.trainer.ProductBench;
import dev.luthier.worker.trainer.TrainingBench;
import dev.luthier.worker.trainer.TrainingVerification;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The process of `luthier bench`: measures what its two arguments ask for (`train`, `generate`,
/// `perplexity`, `products` or `verify`, and the request as JSON), writes one JSON line to standard
/// output, and logs to standard error. What it needs judged for `verify` it asks before, by lines
/// on standard output and input.
public final class BenchMain {
  private BenchMain() {}

  public static void main(String[] arguments) {
    System.out.println(Json.text(answer(arguments)));
  }

  private static Record answer(String[] arguments) {
    try {
      WorkerDevice.take(System.getenv());
      return switch (arguments[0]) {
        case "train" -> TrainingBench.measure(Json.read(arguments[1], TrainingBenchRequest.class));
        case "generate" ->
            GenerationBench.measure(Json.read(arguments[1], GenerationBenchRequest.class));
        case "perplexity" ->
            PerplexityBench.measure(Json.read(arguments[1], PerplexityBenchRequest.class));
        case "products" -> ProductBench.measure(Json.read(arguments[1], ProductBenchRequest.class));
        case "verify" ->
            TrainingVerification.run(
                Json.read(arguments[1], VerificationRequest.class),
                new ParentsGrades(
                    System.out,
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))));
        default -> new BenchFailure("there is no measurement '%s'".formatted(arguments[0]));
      };
    } catch (IOException | RuntimeException e) {
      Logger log = LoggerFactory.getLogger(BenchMain.class);
      log.error("nothing was measured", e);
      return new BenchFailure(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return new BenchFailure("the measurement was interrupted");
    }
  }
}
