package dev.luthier.http.dashboard;

import dev.luthier.http.Answers;
import dev.luthier.platform.models.BaseLibrary;
import dev.luthier.platform.models.BaseOffer;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/// `/internal/ui/bases`: which bases are here, which can be had, and how far those are that are
/// being fetched.
public final class BaseViews {
  private final BaseLibrary library;

  public BaseViews(BaseLibrary library) {
    this.library = library;
  }

  /// @param bytes on disk; of an absent one, about what it will take
  /// @param state `present`, `fetching` or `absent`
  private record Line(
      String id,
      String family,
      String licence,
      String source,
      long bytes,
      String state,
      Optional<Fetching> fetching,
      long fetchedBytes,
      Optional<String> failure) {}

  /// @param total 0 while nobody knows
  private record Fetching(String stage, String file, long done, long total, long bytesPerSecond) {}

  private record Listing(List<Line> data) {}

  void list(Context context) {
    Answers.json(context, new Listing(library.list().stream().map(BaseViews::line).toList()));
  }

  void fetch(Context context) {
    library.fetch(context.pathParam("id"));
    list(context);
  }

  void stop(Context context) {
    library.stop(context.pathParam("id"));
    list(context);
  }

  private static Line line(BaseOffer offer) {
    return switch (offer.state()) {
      case BaseOffer.State.Present _ ->
          line(offer, "present", Optional.empty(), 0, Optional.empty());
      case BaseOffer.State.Fetching now ->
          line(
              offer,
              "fetching",
              Optional.of(
                  new Fetching(
                      now.stage(), now.file(), now.done(), now.total(), now.bytesPerSecond())),
              0,
              Optional.empty());
      case BaseOffer.State.Absent(long fetched, Optional<String> failure) ->
          line(offer, "absent", Optional.empty(), fetched, failure);
    };
  }

  private static Line line(
      BaseOffer offer,
      String state,
      Optional<Fetching> fetching,
      long fetched,
      Optional<String> failure) {
    return new Line(
        offer.id(),
        offer.family(),
        offer.licence(),
        offer.source(),
        offer.bytes(),
        state,
        fetching,
        fetched,
        failure);
  }
}
