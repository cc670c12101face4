package dev.luthier.wire.bench;

import java.util.Optional;

/// How well rows were foretold: e to the mean of what the targets' logprobs sum to.
///
/// @param tokens targets: the tokens of the assistant's turns
/// @param int8 by weights in 8 bits, as chats are answered; empty where the machine cannot
/// @param int8ToBf16 the ratio of the two; above 1 the bytes foretell worse
public record PerplexityBenchReport(
    String model,
    int rows,
    long tokens,
    Optional<Double> int8,
    double bf16,
    double fp32,
    Optional<Double> int8ToBf16,
    Optional<Double> int8ToFp32,
    double bf16ToFp32) {}
