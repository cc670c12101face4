package dev.luthier.platform.launch;

import java.time.Instant;
import java.util.Optional;

/// A launch's row: who may enrol by which code, and who speaks by which token.
///
/// @param subject the job of a trainer, the base of an inference process
/// @param attempt of the job; 1 for inference
/// @param tokenHash empty until the code was traded
public record Launch(
    LaunchId id,
    WorkerKind kind,
    String subject,
    int attempt,
    String codeHash,
    Optional<String> tokenHash,
    Instant createdAt) {}
