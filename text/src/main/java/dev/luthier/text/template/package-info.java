/// A closed interpreter of the Jinja that chat templates use: text in, text with provenance out.
///
/// Knows nothing of: tokens, files, reflection, or any object that is not made of JSON.
@NullMarked
package dev.luthier.text.template;

import org.jspecify.annotations.NullMarked;
