package dev.luthier.wire.internal;

/// `POST inference/register`: where an inference process listens, and the token it asks of the
/// server there.
public record RegisterRequest(String url, String token, String baseId, int contextLength) {
  public RegisterRequest {
    Check.text("url", url);
    Check.text("token", token);
    Check.text("base_id", baseId);
    Check.atLeast("context_length", contextLength, 1);
  }

  @Override
  public String toString() {
    return "RegisterRequest[url=%s, token=***, baseId=%s, contextLength=%d]"
        .formatted(url, baseId, contextLength);
  }
}
