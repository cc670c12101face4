package dev.luthier.http.api;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads `metadata[key]=value`, any number of them.
final class MetadataQuery {
  private static final String START = "metadata[";

  private MetadataQuery() {}

  static Map<String, String> read(Context context) {
    var pairs = new LinkedHashMap<String, String>();
    for (var parameter : context.queryParamMap().entrySet()) {
      var name = parameter.getKey();
      if (name.startsWith(START) && name.endsWith("]") && !parameter.getValue().isEmpty()) {
        pairs.put(
            name.substring(START.length(), name.length() - 1), parameter.getValue().getFirst());
      }
    }
    return pairs;
  }
}
