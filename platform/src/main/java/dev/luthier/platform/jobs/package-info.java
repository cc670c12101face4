/// Fine-tuning jobs as users see them: creation, states, events, metrics, checkpoints, names.
///
/// Knows nothing of: processes, leases' clocks, SQL, HTTP.
@NullMarked
package dev.luthier.platform.jobs;

import org.jspecify.annotations.NullMarked;
