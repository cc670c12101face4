/// What the command `luthier bench` asks of the worker process that measures, and what that
/// answers: one JSON object each way.
///
/// Knows nothing of: how anything is measured, and the protocols of the server.
@NullMarked
package dev.luthier.wire.bench;

import org.jspecify.annotations.NullMarked;
