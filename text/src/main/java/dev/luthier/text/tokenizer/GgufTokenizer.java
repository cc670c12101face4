package dev.luthier.text.tokenizer;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Builds the text of a `tokenizer.json` from the vocabulary that a GGUF file of the `gpt2` kind
/// (byte-level BPE) carries.
///
/// A GGUF names its pre-tokenizer, it does not describe it; each one known here is written out as
/// the models' own `tokenizer.json` have it. A wrong one would split numbers or words otherwise
/// than in the model's training, silently, so an unknown name is refused.
public final class GgufTokenizer {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// `tokenizer.ggml.token_type` of llama.cpp: 3 is control, 4 is defined by the user.
  private static final int TYPE_CONTROL = 3;

  private static final int TYPE_USER_DEFINED = 4;

  /// Words, then digits in groups, punctuation with the line ends after it, white space. `%s` is
  /// the group of digits.
  private static final String WORDS_AND_DIGITS =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /// The pre-tokenizers that are known, by llama.cpp's names.
  private enum Pre {
    GPT_2("gpt-2"),
    SMOLLM("smollm"),
    LLAMA_3("llama-bpe"),
    QWEN_2("qwen2");

    private final String ggufName;

    Pre(String ggufName) {
      this.ggufName = ggufName;
    }

    static Pre named(String name) {
      for (Pre pre : values()) {
        if (pre.ggufName.equals(name)) {
          return pre;
        }
      }
      throw new IllegalArgumentException(
          "the GGUF names the pre-tokenizer '"
              + name
              + "', which is not known here; known are "
              + List.of(values()).stream().map(pre -> pre.ggufName).toList()
              + ". Import the model from a folder that has a tokenizer.json instead");
    }
  }

  private GgufTokenizer() {}

  /// Writes what `tokenizer.json` would hold.
  ///
  /// @param tokens `tokenizer.ggml.tokens`, in order of ids
  /// @param merges `tokenizer.ggml.merges`, pairs with a blank between
  /// @param types `tokenizer.ggml.token_type`, one a token
  /// @param pre `tokenizer.ggml.pre`, the name of the pre-tokenizer
  /// @throws IllegalArgumentException if the parts do not fit together or the pre-tokenizer is
  ///   unknown
  public static String tokenizerJson(
      List<String> tokens, List<String> merges, int[] types, String pre) {
    if (tokens.size() != types.length) {
      throw new IllegalArgumentException(
          "the GGUF has " + tokens.size() + " tokens, but types for " + types.length);
    }
    Pre known = Pre.named(pre);
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    addedTokens(root.putArray("added_tokens"), tokens, types);
    if (known == Pre.QWEN_2) {
      root.putObject("normalizer").put("type", "NFC");
    } else {
      root.putNull("normalizer");
    }
    preTokenizer(
        root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers"), known);
    root.putNull("post_processor");
    byteLevel(root.putObject("decoder"), true, true);
    model(root.putObject("model"), tokens, merges, known);
    return JSON.writeValueAsString(root);
  }

  private static void addedTokens(ArrayNode added, List<String> tokens, int[] types) {
    for (int id = 0; id < types.length; id++) {
      if (types[id] == TYPE_CONTROL || types[id] == TYPE_USER_DEFINED) {
        added
            .addObject()
            .put("id", id)
            .put("content", tokens.get(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", types[id] == TYPE_CONTROL);
      }
    }
  }

  private static void model(ObjectNode model, List<String> tokens, List<String> merges, Pre pre) {
    model.put("type", "BPE").putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false);
    model.put("ignore_merges", pre == Pre.LLAMA_3);
    ObjectNode vocab = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocab.put(tokens.get(id), id);
    }
    ArrayNode pairs = model.putArray("merges");
    for (int rank = 0; rank < merges.size(); rank++) {
      String merge = merges.get(rank);
      int blank = merge.indexOf(' ', 1); // a token never starts with a blank, nor is it empty
      if (blank < 0 || blank != merge.lastIndexOf(' ') || blank == merge.length() - 1) {
        throw new IllegalArgumentException(
            "merge "
                + rank
                + " of the GGUF is '"
                + merge
                + "', not two tokens with a blank between");
      }
      pairs.addArray().add(merge.substring(0, blank)).add(merge.substring(blank + 1));
    }
  }

  private static void preTokenizer(ArrayNode steps, Pre pre) {
    switch (pre) {
      case GPT_2 -> byteLevel(steps.addObject(), true, true);
      case SMOLLM -> {
        steps.addObject().put("type", "Digits").put("individual_digits", true);
        byteLevel(steps.addObject(), true, true);
      }
      case LLAMA_3 -> {
        split(steps.addObject(), WORDS_AND_DIGITS.formatted("\\p{N}{1,3}"));
        byteLevel(steps.addObject(), true, false);
      }
      case QWEN_2 -> {
        split(steps.addObject(), WORDS_AND_DIGITS.formatted("\\p{N}"));
        byteLevel(steps.addObject(), false, false);
      }
    }
  }

  private static void split(ObjectNode node, String regex) {
    node.put("type", "Split");
    node.putObject("pattern").put("Regex", regex);
    node.put("behavior", "Isolated").put("invert", false);
  }

  private static void byteLevel(ObjectNode node, boolean trimOffsets, boolean useRegex) {
    node.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", trimOffsets)
        .put("use_regex", useRegex);
  }
}
