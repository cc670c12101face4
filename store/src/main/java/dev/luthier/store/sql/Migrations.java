package dev.luthier.store.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Brings tables up to date: each file once, in order, each in a transaction of its own. A file
/// that was changed after it had run is refused, and so is a database of a newer program.
final class Migrations {
  private static final List<String> FILES =
      List.of(
          "0001-first.sql",
          "0002-effort.sql",
          "0003-uploads.sql",
          "0004-permissions.sql",
          "0005-completions.sql",
          "0006-methods.sql",
          "0007-aliases.sql",
          "0008-responses.sql",
          "0009-batches.sql",
          "0010-queue.sql",
          "0011-webhooks.sql",
          "0012-usage.sql",
          "0013-evals.sql",
          "0014-manifests.sql",
          "0015-keys.sql",
          "0016-measures.sql",
          "0017-extensions.sql");

  private static final String HISTORY =
      "create table if not exists schema_history"
          + " (version integer primary key, name text not null, sha256 text not null,"
          + " applied_at bigint not null)";

  private Migrations() {}

  static void run(Jdbi jdbi, Clock clock) {
    jdbi.useTransaction(handle -> handle.execute(HISTORY));
    int newest =
        jdbi.withHandle(handle ->
            handle
                .createQuery("select coalesce(max(version), 0) from schema_history")
                .mapTo(int.class)
                .one());
    if (newest > FILES.size()) {
      throw new IllegalStateException(
          "the database has version %d, but this program knows %d at most; use the newer program"
              .formatted(newest, FILES.size()));
    }
    for (int i = 0; i < FILES.size(); i++) {
      int version = i + 1;
      String name = FILES.get(i);
      jdbi.useTransaction(handle -> apply(handle, version, name, clock));
    }
  }

  private static void apply(Handle handle, int version, String name, Clock clock) {
    String script = script(name);
    String sum = sha256(script);
    Optional<String> applied =
        handle
            .createQuery("select sha256 from schema_history where version = :version")
            .bind("version", version)
            .mapTo(String.class)
            .findOne();
    if (applied.isPresent()) {
      if (!applied.get().equals(sum)) {
        throw new IllegalStateException(
            "migration %s was changed after it had run: %s then, %s now"
                .formatted(name, applied.get(), sum));
      }
      return;
    }
    Arrays.stream(script.split(";\\s*\n", -1))
        .filter(statement -> !statement.isBlank())
        .forEach(handle::execute);
    handle.execute(
        "insert into schema_history values (?, ?, ?, ?)", version, name, sum, clock.millis());
  }

  private static String script(String name) {
    try (InputStream stream = Migrations.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("migration " + name + " is missing from the program");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
