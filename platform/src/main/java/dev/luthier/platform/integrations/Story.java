package dev.luthier.platform.integrations;

import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.Job;

/// Writes a line of a job's story, unless it stands there already.
interface Story {
  void say(Job job, EventLevel level, String message);
}
