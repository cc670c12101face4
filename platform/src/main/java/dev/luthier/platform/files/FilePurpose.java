package dev.luthier.platform.files;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a file is for; the API's name is the constant in lower case.
public enum FilePurpose {
  ASSISTANTS("assistants", true),
  ASSISTANTS_OUTPUT("assistants_output", false),
  BATCH("batch", true),
  BATCH_OUTPUT("batch_output", false),
  FINE_TUNE("fine-tune", true),
  FINE_TUNE_RESULTS("fine-tune-results", false),
  VISION("vision", true),
  USER_DATA("user_data", true),
  EVALS("evals", true);

  private final String text;
  private final boolean uploadable;

  FilePurpose(String text, boolean uploadable) {
    this.text = text;
    this.uploadable = uploadable;
  }

  /// As the API writes it, `fine-tune` for instance.
  public String text() {
    return text;
  }

  /// Whether a user may upload a file of this purpose; the others are made by the server.
  public boolean uploadable() {
    return uploadable;
  }

  public static Optional<FilePurpose> of(String text) {
    return Arrays.stream(values()).filter(purpose -> purpose.text.equals(text)).findFirst();
  }

  public static List<String> uploadableTexts() {
    return Arrays.stream(values()).filter(FilePurpose::uploadable).map(FilePurpose::text).toList();
  }

  @Override
  public String toString() {
    return text.toLowerCase(Locale.ROOT);
  }
}
