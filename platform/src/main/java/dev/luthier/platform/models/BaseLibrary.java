package dev.luthier.platform.models;

import java.util.List;

/// Port: the bases that are here and those that can be fetched. Safe for many threads.
public interface BaseLibrary {
  /// Every base, those of the catalog first.
  List<BaseOffer> list();

  /// Fetches a base in the background; one that is being fetched goes on. A start of the server
  /// goes on with it, too. Refuses an id that the catalog has not, and a base that is here.
  void fetch(String id);

  /// Stops fetching, and keeps what is there for the next time; nothing is done when nothing runs.
  void stop(String id);
}
