package dev.luthier.wire.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// The device that models compute on, as settings ask for it and as the server tells its workers.
public enum DeviceChoice {
  /// The GPU where it can be used, else the processor.
  AUTO,
  CPU,
  /// The GPU, or nothing.
  CUDA;

  /// What helps where the GPU cannot be used.
  public static final String REMEDY =
      "README.md says under \"On a GPU\" what has to be installed; 'auto' or 'cpu' computes without";

  /// Reads a setting's value.
  ///
  /// @throws DeviceException if there is no such choice
  public static DeviceChoice of(String text) {
    return Arrays.stream(values())
        .filter(choice -> choice.text().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new DeviceException(
                "there is no device '%s'; there are %s"
                    .formatted(text, String.join(", ", texts()))));
  }

  public static List<String> texts() {
    return Arrays.stream(values()).map(DeviceChoice::text).toList();
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Decides: the GPU or the processor.
  ///
  /// @param whyNotCuda why the GPU cannot be used, empty if it can; asked only where it matters
  /// @throws DeviceException if the GPU is asked for and cannot be used
  public DeviceChoice decide(Supplier<Optional<String>> whyNotCuda) {
    return switch (this) {
      case CPU -> CPU;
      case AUTO -> whyNotCuda.get().isEmpty() ? CUDA : CPU;
      case CUDA -> {
        Optional<String> why = whyNotCuda.get();
        if (why.isPresent()) {
          throw new DeviceException("device is 'cuda', but %s; %s.".formatted(why.get(), REMEDY));
        }
        yield CUDA;
      }
    };
  }
}
