package dev.luthier.app.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.text.rows.FindingCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages say each finding in the reader's language, by its code.
class FindingWordsTest {
  private static final String TABLES = "dashboard/src/main/web/i18n/findings";
  private static final Pattern ENTRY = Pattern.compile("(?m)^  (\\w+): \\['.+', '.+'],$");

  @ParameterizedTest
  @ValueSource(strings = {"en", "bg", "he", "ms"})
  void everyCodeHasItsWordsInEveryLanguage(String language) throws IOException {
    Set<String> expected =
        Arrays.stream(FindingCode.values())
            .map(FindingCode::word)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> found =
        ENTRY
            .matcher(Files.readString(Sources.root().resolve(TABLES).resolve(language + ".ts")))
            .results()
            .map(entry -> entry.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(expected, found);
  }
}
