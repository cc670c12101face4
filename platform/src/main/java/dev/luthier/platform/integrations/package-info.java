/// Brings the figures of jobs to where people watch runs: TensorBoard's event files, and Weights &
/// Biases.
///
/// Knows nothing of trainers, HTTP and JSON; what it fails at never fails a job.
@NullMarked
package dev.luthier.platform.integrations;

import org.jspecify.annotations.NullMarked;
