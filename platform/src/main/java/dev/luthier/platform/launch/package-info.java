/// Starts, lists and stops worker processes, and lets each of them in once by its enrolment code.
///
/// Knows nothing of: jobs, bases, HTTP, SQL.
@NullMarked
package dev.luthier.platform.launch;

import org.jspecify.annotations.NullMarked;
