package dev.luthier.platform.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Port: folders of what training makes: adapters, and whole models. A folder is staged file by
/// file, then published whole: whoever sees it sees all of it, with its `manifest.json`. Safe for
/// many threads, one writer a staging id.
///
/// Ids match `[A-Za-z0-9_-]{1,80}`, file names `[A-Za-z0-9_.-]{1,80}` and not `.` or `..`.
public interface AdapterStore {
  String WEIGHTS = "adapter_model.safetensors";

  /// What ids of whole models begin with; no other's do.
  String WHOLE_MODEL = "full-";

  /// A whole model's weights.
  String MODEL_WEIGHTS = "model.safetensors";

  String CONFIGURATION = "adapter_config.json";
  String MANIFEST = "manifest.json";

  /// Thrown when bytes on disk are not those that a manifest or a report names.
  final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedException(String message) {
      super(message);
    }
  }

  /// Whether an id is that of a whole model: weights, configuration, tokenizer and template, as a
  /// base has them.
  static boolean isWholeModel(String id) {
    return id.startsWith(WHOLE_MODEL);
  }

  /// Writes one file of a folder that nobody sees yet, replacing an earlier try. Durable on return;
  /// answers its sha256.
  String stage(String stagingId, String name, InputStream content, long mostBytes)
      throws IOException;

  /// Checks that the staged files are exactly `sha256s`, writes the manifest with them and `about`,
  /// and makes the folder visible as `adapterId` in one step. Again with the same id: does nothing
  /// when the folder there has the same sums.
  void publish(
      String stagingId, String adapterId, Map<String, String> sha256s, Map<String, String> about)
      throws IOException;

  /// Reads every file and compares it with the manifest; answers the sums by file name.
  Map<String, String> verify(String adapterId) throws IOException;

  /// The sum that the manifest names, without reading the file.
  String sha256(String adapterId, String name) throws IOException;

  Path folder(String adapterId);

  void delete(String adapterId) throws IOException;

  void discardStaged(String stagingId) throws IOException;

  /// Ids that are staged and not published, for the sweep at start.
  List<String> stagedIds() throws IOException;

  /// Published ids, for the sweep at start.
  List<String> ids() throws IOException;
}
