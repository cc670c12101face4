package dev.luthier.platform.trainer;

import java.io.InputStream;

/// Bytes on their way to a trainer; whoever asked closes `stream`.
public record Blob(InputStream stream, long bytes, String sha256) {}
