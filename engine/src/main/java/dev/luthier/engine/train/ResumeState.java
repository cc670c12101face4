package dev.luthier.engine.train;

import dev.luthier.engine.tensor.DeviceClass;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.Safetensors;
import dev.luthier.engine.weights.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Map;

/// The file a run goes on from: the master weights, both moments, and which step they are of, and
/// what the objective found at the beginning. All else (order of rows, dropout, learning rate)
/// follows from the step and the settings.
///
/// `fingerprint` names settings, rows and base; a state made with others is refused. `device` names
/// the kind of processor that computed it: another goes on with other last bits.
record ResumeState(
    int completedSteps,
    long trainedTokens,
    Patience.Standing patience,
    String fingerprint,
    String device) {
  private static final String WEIGHTS = "weights";
  private static final String FIRST = "moments.first";
  private static final String SECOND = "moments.second";
  private static final String CONSTANTS = "constants";

  /// Replaces the file as a whole: a crash leaves the old one or the new one.
  ///
  /// @param constants what the objective has found for the whole run; may be none
  void write(Path file, Tensor weights, AdamW optimizer, float[] constants) throws IOException {
    var temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (var _ = Scope.open()) {
      var tensors = new ArrayList<StoredTensor>();
      tensors.add(weights.onHost().stored(WEIGHTS));
      tensors.add(optimizer.firstMoment().onHost().stored(FIRST));
      tensors.add(optimizer.secondMoment().onHost().stored(SECOND));
      if (constants.length > 0) {
        tensors.add(Tensor.of(constants, constants.length).onHost().stored(CONSTANTS));
      }
      Safetensors.write(
          temporary,
          tensors,
          Map.of(
              "completed_steps",
              Integer.toString(completedSteps),
              "trained_tokens",
              Long.toString(trainedTokens),
              "loss_bar",
              Double.toString(patience.bar()),
              "epochs_since",
              Integer.toString(patience.epochsSince()),
              "lowest_loss",
              Double.toString(patience.lowest()),
              "fingerprint",
              fingerprint,
              "device",
              device));
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Reads the file into the tensors and constants given.
  static ResumeState read(
      Path file, String fingerprint, Tensor weights, AdamW optimizer, float[] constants)
      throws IOException {
    try (var stored = Safetensors.map(file);
        var _ = Scope.open()) {
      var metadata = stored.metadata();
      var made = metadata.getOrDefault("fingerprint", "");
      if (!made.equals(fingerprint)) {
        throw new TrainingException(
            "%s was made by a run with other rows or settings (%s, this run is %s); start anew"
                .formatted(file, made, fingerprint));
      }
      copy(stored, WEIGHTS, weights);
      copy(stored, FIRST, optimizer.firstMoment());
      copy(stored, SECOND, optimizer.secondMoment());
      if (constants.length > 0) {
        float[] kept = Tensor.mapped(stored.tensor(CONSTANTS)).toFloats();
        System.arraycopy(kept, 0, constants, 0, constants.length);
      }
      return new ResumeState(
          Integer.parseInt(metadata.getOrDefault("completed_steps", "")),
          Long.parseLong(metadata.getOrDefault("trained_tokens", "")),
          patience(metadata),
          made,
          metadata.getOrDefault("device", DeviceClass.CPU.text()));
    } catch (NumberFormatException e) {
      throw new TrainingException("%s does not say which step it is of".formatted(file), e);
    }
  }

  /// States of an earlier version of the program know nothing of it.
  private static Patience.Standing patience(Map<String, String> metadata) {
    var fresh = Patience.Standing.FRESH;
    return new Patience.Standing(
        Double.parseDouble(metadata.getOrDefault("loss_bar", "" + fresh.bar())),
        Integer.parseInt(metadata.getOrDefault("epochs_since", "" + fresh.epochsSince())),
        Double.parseDouble(metadata.getOrDefault("lowest_loss", "" + fresh.lowest())));
  }

  private static void copy(Safetensors stored, String name, Tensor target) {
    target.copyFrom(Tensor.mapped(stored.tensor(name)));
  }
}
