package dev.luthier.platform.integrations;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Port: a service that keeps the history of runs. Calls may be repeated: what is said twice counts
/// once. An [IOException] may pass, a [RefusedException] will not.
public interface Tracker {
  /// What is told of a run at its beginning.
  ///
  /// @param id the service's name for it, unique in the project
  /// @param config settings of the run by name
  record Description(
      String id,
      String project,
      Optional<String> entity,
      String displayName,
      List<String> tags,
      Map<String, String> config) {
    public Description {
      tags = List.copyOf(tags);
      config = Map.copyOf(config);
    }
  }

  /// A run that the service knows.
  ///
  /// @param lines of history that it has already
  /// @param url where people look at it
  record Run(String entity, String project, String id, int lines, String url) {}

  /// The service says no, and will say no again.
  final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
      super(message);
    }
  }

  /// Makes the run, or finds it again.
  Run begin(Description description) throws IOException;

  /// Adds lines of figures, of which the first is line `from` of all. None says that the run lives.
  void history(Run run, int from, List<Map<String, Double>> lines) throws IOException;

  /// No more lines will come.
  void end(Run run, boolean succeeded) throws IOException;
}
