/// The base models: what the catalog names, where each is fetched from, and the folder it ends in.
///
/// Knows nothing of: jobs, the API, the database.
@NullMarked
package dev.luthier.app.bases;

import org.jspecify.annotations.NullMarked;
