package dev.luthier.platform;

/// Port: hears that something has come to its end, under the name that the API has for such an
/// event. Safe for many threads.
@FunctionalInterface
public interface Happenings {
  /// For who has nobody to tell.
  Happenings UNHEARD = (_, _) -> {};

  /// To be called inside the transaction that changes the thing, so that both or neither is kept.
  ///
  /// @param type such as `batch.completed`
  /// @param id of the thing
  void happened(String type, String id);
}
