package dev.luthier.worker.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.kernel.Brgemm;
import dev.luthier.wire.bench.ProductBenchReport;
import dev.luthier.wire.bench.ProductBenchRequest;
import dev.luthier.worker.TinyBase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ProductBenchTest {
  @TempDir Path folder;

  @Test
  void everyLinearIsMeasuredWhereThereAreMatrixUnits() throws Exception {
    Path base = TinyBase.write(folder.resolve("base"), 11);
    ProductBenchReport report =
        ProductBench.measure(new ProductBenchRequest("tiny", base.toString()));
    if (!Brgemm.isAvailable()) {
      assertEquals(List.of(), report.products());
      return;
    }
    assertEquals(
        List.of("qkv 64x32", "o 32x32", "gate_up 96x32", "down 32x48", "head 1000x32"),
        report.products().stream()
            .map(product -> product.name() + " " + product.out() + "x" + product.in())
            .toList());
    var head = report.products().getLast();
    assertTrue(head.gflops() > 1 && head.gflops() < 1e6, head.toString());
    assertEquals(0, head.backwardGflops(), "32 columns are no block");
  }
}
