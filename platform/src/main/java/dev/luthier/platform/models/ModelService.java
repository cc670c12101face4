package dev.luthier.platform.models;

import dev.luthier.platform.Organisation;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.CheckpointStore;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.jobs.ModelNames;
import dev.luthier.platform.jobs.TrainableModel;
import dev.luthier.platform.jobs.TrainableModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lists, resolves and deletes models. Safe for many threads.
public final class ModelService implements TrainableModels {
  /// The list has no paging in the API; beyond this many the newest fine-tunes are left out.
  private static final int LISTED_MAX = 10_000;

  private static final int NAME_LENGTH_MAX = 400;
  private static final Logger log = LoggerFactory.getLogger(ModelService.class);

  private final BaseStore bases;
  private final CheckpointStore checkpoints;
  private final JobStore jobs;
  private final AdapterStore adapters;
  private final Aliases aliases;
  private final Organisation organisation;

  public ModelService(
      BaseStore bases,
      CheckpointStore checkpoints,
      JobStore jobs,
      AdapterStore adapters,
      Aliases aliases,
      Organisation organisation) {
    this.bases = bases;
    this.checkpoints = checkpoints;
    this.jobs = jobs;
    this.adapters = adapters;
    this.aliases = aliases;
    this.organisation = organisation;
  }

  /// Bases first, then fine-tunes and public checkpoints, the oldest first.
  public List<ModelDescription> list() {
    List<ModelDescription> models = new ArrayList<>();
    bases.all().forEach(base -> models.add(describe(base)));
    checkpoints.listed(LISTED_MAX).forEach(checkpoint -> models.add(describe(checkpoint)));
    return models;
  }

  /// Any name that can be called, checkpoints included; an alias answers with its model.
  public ModelDescription get(String name) {
    String real = real(name);
    Optional<BaseModel> base = bases.find(real);
    if (base.isPresent()) {
      return describe(base.get());
    }
    return checkpoint(real).map(this::describe).orElseThrow(() -> ApiException.noSuchModel(name));
  }

  /// Deletes a fine-tune or checkpoint with its adapter; the job stays, and so do aliases, which
  /// answer no longer. A base is refused, and an alias too: who means the model says its name.
  public void delete(String name) {
    String real = real(name);
    if (bases.find(real).isPresent()) {
      throw notDeleted(name, "is a base; only fine-tuned models can be deleted.");
    }
    if (!real.equals(name)) {
      throw notDeleted(name, "is an alias; delete the model by its own name, '" + real + "'.");
    }
    Checkpoint checkpoint = checkpoint(name).orElseThrow(() -> ApiException.noSuchModel(name));
    if (!checkpoints.markDeleted(checkpoint.modelName())) {
      throw ApiException.noSuchModel(name);
    }
    // A job that goes on from it still needs the folder; the sweep at a later start removes it.
    if (!jobs.holdsAdapter(checkpoint.adapterId())) {
      removeAdapter(checkpoint);
    }
  }

  private static ApiException notDeleted(String name, String why) {
    return new ApiException(
        ErrorCode.INSUFFICIENT_PERMISSIONS,
        "The model '" + name + "' " + why,
        Optional.of("model"));
  }

  /// Whether a base, fine-tune or checkpoint is called so itself.
  public boolean called(String name) {
    return bases.find(name).isPresent() || checkpoint(name).isPresent();
  }

  /// The model's own name where `name` is an alias, else `name`. What a model is called itself
  /// comes first, so that a base which was added later hides an alias and not the other way round.
  private String real(String name) {
    return called(name) ? name : aliases.find(name).map(Alias::model).orElse(name);
  }

  /// What a name stands for; never throws for a name that nobody has.
  public ResolvedModel resolve(String name) {
    String real = real(name);
    Optional<BaseModel> base = bases.find(real);
    if (base.isPresent()) {
      return new ResolvedModel.Base(base.get());
    }
    return checkpoint(real)
        .<ResolvedModel>flatMap(this::fineTune)
        .orElse(new ResolvedModel.Unknown(name));
  }

  @Override
  public Optional<TrainableModel> trainable(String name) {
    return switch (resolve(name)) {
      case ResolvedModel.Base(BaseModel base) ->
          Optional.of(new TrainableModel(base.id(), base.id(), Optional.empty()));
      case ResolvedModel.FineTune tune ->
          Optional.of(
              new TrainableModel(tune.name(), tune.base().id(), Optional.of(tune.adapter().id())));
      case ResolvedModel.WholeModel whole ->
          throw new ApiException(
              ErrorCode.MODEL_NOT_AVAILABLE,
              "Model %s has weights of its own, and training does not go on from such yet: begin with a base, or with a fine-tune that is an adapter."
                  .formatted(whole.name()),
              Optional.of("model"));
      case ResolvedModel.Unknown _ -> Optional.empty();
    };
  }

  private Optional<ResolvedModel> fineTune(Checkpoint checkpoint) {
    String adapterId = checkpoint.adapterId();
    if (AdapterStore.isWholeModel(adapterId)) {
      var own = new BaseModel(adapterId, checkpoint.createdAt(), adapters.folder(adapterId));
      String sum = sha256(adapterId, AdapterStore.MODEL_WEIGHTS);
      return Optional.of(new ResolvedModel.WholeModel(checkpoint.modelName(), own, sum));
    }
    return bases
        .find(checkpoint.baseId())
        .map(base ->
            new ResolvedModel.FineTune(
                checkpoint.modelName(),
                base,
                new AdapterReference(
                    checkpoint.modelName(),
                    adapterId,
                    adapters.folder(adapterId),
                    sha256(adapterId, AdapterStore.WEIGHTS))));
  }

  private String sha256(String adapterId, String file) {
    try {
      return adapters.sha256(adapterId, file);
    } catch (IOException e) {
      throw new UncheckedIOException("adapter " + adapterId + " has no readable manifest", e);
    }
  }

  private void removeAdapter(Checkpoint checkpoint) {
    try {
      adapters.delete(checkpoint.adapterId());
    } catch (IOException e) {
      // The row is the truth; the sweep at the next start removes the folder.
      log.warn(
          "{} is deleted, but its folder {} is not; the next start removes it",
          checkpoint.modelName(),
          checkpoint.adapterId(),
          e);
    }
  }

  private Optional<Checkpoint> checkpoint(String name) {
    if (!name.startsWith("ft:") || name.length() > NAME_LENGTH_MAX) {
      return Optional.empty();
    }
    return checkpoints.findByName(name).or(() -> chosen(name));
  }

  /// A checkpoint that was chosen to be the fine-tune is still found by the name that it had.
  private Optional<Checkpoint> chosen(String name) {
    OptionalInt step = ModelNames.step(name);
    return step.isEmpty()
        ? Optional.empty()
        : checkpoints
            .findByName(ModelNames.withoutStep(name))
            .filter(checkpoint -> checkpoint.stepNumber() == step.getAsInt());
  }

  private ModelDescription describe(BaseModel base) {
    return new ModelDescription(base.id(), base.createdAt(), "system");
  }

  private ModelDescription describe(Checkpoint checkpoint) {
    return new ModelDescription(
        checkpoint.modelName(), checkpoint.createdAt(), organisation.slug());
  }
}
