package dev.luthier.platform.usage;

import java.math.BigDecimal;

/// What tokens cost.
///
/// @param currency ISO 4217, in lower case
/// @param input of a million tokens read
/// @param output of a million tokens written
public record Prices(String currency, BigDecimal input, BigDecimal output) {
  private static final int MILLION_DIGITS = 6;

  public BigDecimal ofInput(TokensUsed tokens) {
    return cost(input, tokens.input());
  }

  public BigDecimal ofOutput(TokensUsed tokens) {
    return cost(output, tokens.output());
  }

  private static BigDecimal cost(BigDecimal million, long tokens) {
    return million.multiply(BigDecimal.valueOf(tokens)).movePointLeft(MILLION_DIGITS);
  }
}
