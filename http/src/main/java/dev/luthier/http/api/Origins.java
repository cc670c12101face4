package dev.luthier.http.api;

import dev.luthier.platform.chat.CallOrigin;
import io.javalin.http.Handler;

/// Tells requests that the server sends itself for a batch from those that somebody waits for.
final class Origins {
  private Origins() {}

  /// The handler, run for whom the request says it is; whoever says so falsely is only served later
  /// and counted as a batch.
  static Handler of(Handler handler) {
    return context -> {
      var origin =
          context.header(CallOrigin.BATCH_HEADER) == null
              ? CallOrigin.INTERACTIVE
              : CallOrigin.BATCH;
      origin.run(() -> handler.handle(context));
    };
  }
}
