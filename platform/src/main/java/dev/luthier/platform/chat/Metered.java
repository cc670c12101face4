package dev.luthier.platform.chat;

import java.util.function.Consumer;

/// Tells of the tokens of an answer before its sink hears of them.
record Metered(GenerationSink next, Consumer<Usage> meter) implements PassingSink {
  @Override
  public void usage(Usage usage) {
    meter.accept(usage);
    next.usage(usage);
  }
}
