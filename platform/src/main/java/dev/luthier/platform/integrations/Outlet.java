package dev.luthier.platform.integrations;

import dev.luthier.platform.jobs.Job;

/// Where one job's figures go. Used by one thread.
interface Outlet {
  /// Brings what is new. True when the job has ended and there will be nothing more to bring.
  boolean deliver(Job job);
}
