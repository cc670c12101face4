/// The product as its users meet it: real processes, the real model, real clients.
///
/// Knows nothing of: the product's classes; everything goes through the program and its HTTP API.
@NullMarked
package dev.luthier.e2e;

import org.jspecify.annotations.NullMarked;
