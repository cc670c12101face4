package dev.luthier.platform.files;

import dev.luthier.platform.PageRequest;
import java.util.Optional;

/// Which files are listed, and in which order of creation.
public record FileQuery(Optional<FilePurpose> purpose, boolean newestFirst, PageRequest page) {}
