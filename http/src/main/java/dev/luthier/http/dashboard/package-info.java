/// The dashboard's side of the server: its pages, its sessions, and the few routes that its pages
/// need beside the public API.
///
/// Knows nothing of: what the pages look like, SQL, LibTorch.
@NullMarked
package dev.luthier.http.dashboard;

import org.jspecify.annotations.NullMarked;
