/// Moves jobs on: validates their files, starts trainers in order, notices the dead ones and puts
/// their jobs back.
///
/// Knows nothing of: HTTP, SQL, how a process is started.
@NullMarked
package dev.luthier.platform.queue;

import org.jspecify.annotations.NullMarked;
