/// Reading requests: limited bodies, checked fields, pages, uploads, and OpenAI's words for what is
/// wrong with them.
///
/// Knows nothing of: routes, services, answers.
@NullMarked
package dev.luthier.http.request;

import org.jspecify.annotations.NullMarked;
