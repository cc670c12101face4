package dev.luthier.platform.evals;

import java.util.List;

/// A row that was judged.
///
/// @param passed by criterion; empty where there was nothing to judge
record Judged(OutputItem item, List<EvalRun.ModelUsage> usage, List<Boolean> passed) {
  Judged {
    usage = List.copyOf(usage);
    passed = List.copyOf(passed);
  }
}
