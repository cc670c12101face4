package dev.luthier.platform.inference;

import java.net.URI;

/// Where a base's inference process answers, and the token that it asks of us.
///
/// @param contextLength the most tokens of prompt and answer together
public record Endpoint(String launchId, String baseId, URI url, String token, int contextLength) {
  @Override
  public String toString() {
    return "Endpoint[%s, %s, %s, token hidden]".formatted(launchId, baseId, url);
  }
}
