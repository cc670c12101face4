package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.jobs.StepMetricsRecord;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a job's losses follow from.
class ManifestTest {
  @TempDir Path folder;
  private ApiFixture api;

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aManifestHasWhatTheFirstTrainerToldTheBuildAndEveryLoss() throws Exception {
    var file = api.uploaded("train.jsonl", "{}");
    var job =
        ApiFixture.json(
            api.post(
                "/v1/fine_tuning/jobs",
                "{\"model\":\"gpt-4o-mini\",\"training_file\":\"%s\"}".formatted(file)));
    var id = job.get("id").asString();
    var path = "/v1/fine_tuning/jobs/" + id + "/manifest";
    var none = ApiFixture.json(api.get(path));
    assertTrue(none.get("facts").isEmpty());
    assertEquals(0, none.get("steps").asInt());
    api.manifests.keep(id, Map.of("threads", "2"));
    api.manifests.keep(id, Map.of("threads", "4"));
    api.jobs.addMetrics(id, 1, StepMetricsRecord.training(1, 2, 0.1 + 0.2, 0.5));
    var one = ApiFixture.json(api.get(path));
    assertEquals("{\"build\":\"b\",\"threads\":\"2\"}", one.get("facts").toString());
    assertEquals(0.1 + 0.2, one.get("first_losses").get(0).doubleValue(), "to the bit");
    api.jobs.addMetrics(id, 1, StepMetricsRecord.training(2, 2, 0.25, 0.5));
    var two = ApiFixture.json(api.get(path));
    assertEquals(2, two.get("steps").asInt());
    assertNotEquals(one.get("losses_sha256"), two.get("losses_sha256"));
    assertEquals(404, api.get("/v1/fine_tuning/jobs/ftjob-none/manifest").status());
  }
}
