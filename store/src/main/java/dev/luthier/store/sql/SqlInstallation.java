package dev.luthier.store.sql;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Organisation;
import java.util.Optional;

/// What is made once for an installation and then kept.
public final class SqlInstallation {
  private static final String ORGANISATION_ID = "organisation_id";
  private final Database database;

  public SqlInstallation(Database database) {
    this.database = database;
  }

  /// The organisation, its id drawn at the first start.
  public Organisation organisation(Identifiers identifiers) {
    String id =
        database.write(handle -> {
          Optional<String> known =
              handle
                  .createQuery("select value from installation where name = :name")
                  .bind("name", ORGANISATION_ID)
                  .mapTo(String.class)
                  .findOne();
          if (known.isPresent()) {
            return known.get();
          }
          String drawn = identifiers.organisation();
          handle.execute("insert into installation values (?, ?)", ORGANISATION_ID, drawn);
          return drawn;
        });
    return new Organisation(id, Organisation.DEFAULT_SLUG);
  }
}
