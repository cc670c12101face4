package dev.luthier.platform.inference;

import java.net.URI;

/// An inference process's word that it is ready.
///
/// @param token what it asks of callers
public record Registration(URI url, String token, String baseId, int contextLength) {
  @Override
  public String toString() {
    return "Registration[%s, %s, token hidden]".formatted(baseId, url);
  }
}
