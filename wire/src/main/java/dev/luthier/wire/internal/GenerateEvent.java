package dev.luthier.wire.internal;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// One line of the answer to `POST generate`. On the wire an event is an object of one key, its
/// kind: `{"delta": {"index": 0, …}}` (see [GenerateEvents]).
///
/// Order: `started`; deltas, and for each choice one `finished`; `usage`. A `failed` ends the
/// stream at any place.
public sealed interface GenerateEvent {

  /// The prompt was accepted; nothing has been decoded yet.
  record Started(int promptTokens) implements GenerateEvent {
    public Started {
      Check.atLeast("prompt_tokens", promptTokens, 0);
    }
  }

  /// More text of a choice. The text may be empty when only log probabilities came.
  record Delta(int index, String text, List<TokenLogprob> logprobs) implements GenerateEvent {
    public Delta {
      Check.atLeast("index", index, 0);
      Objects.requireNonNull(text, "text");
      logprobs = List.copyOf(logprobs);
    }
  }

  /// A choice is complete; `finishReason` is `stop` or `length`.
  record Finished(int index, String finishReason) implements GenerateEvent {
    public Finished {
      Check.atLeast("index", index, 0);
      Check.text("finish_reason", finishReason);
    }
  }

  /// The bill; completion tokens are summed over the choices. `cachedTokens` of the prompt were
  /// known before the first choice began.
  record Usage(int promptTokens, int completionTokens, int cachedTokens) implements GenerateEvent {
    public Usage {
      Check.atLeast("cached_tokens", cachedTokens, 0);
      Check.atLeast("prompt_tokens", promptTokens, 0);
      Check.atLeast("completion_tokens", completionTokens, 0);
    }
  }

  /// The request failed; the parts are those of OpenAI's error envelope.
  record Failed(
      int status, String message, String type, Optional<String> param, Optional<String> code)
      implements GenerateEvent {
    public Failed {
      Check.atLeast("status", status, 400);
      Objects.requireNonNull(message, "message");
      Check.text("type", type);
      Objects.requireNonNull(param, "param");
      Objects.requireNonNull(code, "code");
    }
  }

  /// A token of the answer with its natural log probability. `bytes` are the token's own UTF-8
  /// bytes, of which `token` may show only a part.
  record TokenLogprob(
      String token, double logprob, List<Integer> bytes, List<Alternative> topLogprobs) {
    public TokenLogprob {
      Objects.requireNonNull(token, "token");
      bytes = List.copyOf(bytes);
      topLogprobs = List.copyOf(topLogprobs);
    }
  }

  /// A token that could have stood there.
  record Alternative(String token, double logprob, List<Integer> bytes) {
    public Alternative {
      Objects.requireNonNull(token, "token");
      bytes = List.copyOf(bytes);
    }
  }
}
