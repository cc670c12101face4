package dev.luthier.platform.jobs;

/// The resume state that the next attempt goes on from: taken after `step`, and the sum of its
/// bytes.
public record ResumePoint(int step, String sha256) {}
