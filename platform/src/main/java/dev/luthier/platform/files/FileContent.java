package dev.luthier.platform.files;

import java.io.InputStream;

/// A file opened for reading; whoever asked for it closes `stream`.
public record FileContent(StoredFile file, InputStream stream) {}
