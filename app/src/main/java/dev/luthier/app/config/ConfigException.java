package dev.luthier.app.config;

/// A setting that cannot be used; the message names the setting, where it was set and the remedy.
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
