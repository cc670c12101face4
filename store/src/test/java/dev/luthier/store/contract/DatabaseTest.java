package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.Identifiers;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  @TempDir Path folder;

  private Database open() {
    return Database.open(folder.resolve("luthier.db"), Clock.systemUTC());
  }

  private void execute(String sql) throws SQLException {
    String url = "jdbc:sqlite:" + folder.resolve("luthier.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private IllegalStateException refusal() {
    return assertThrows(IllegalStateException.class, () -> open().close());
  }

  @Test
  void theOrganisationIsDrawnOnceAndKept() {
    String first;
    try (Database database = open()) {
      first = new SqlInstallation(database).organisation(new Identifiers(new Random(1))).id();
    }
    try (Database database = open()) {
      assertEquals(
          first, new SqlInstallation(database).organisation(new Identifiers(new Random(2))).id());
    }
  }

  @Test
  void aMigrationThatWasChangedAfterItRanIsRefused() throws SQLException {
    open().close();
    execute("update schema_history set sha256 = 'other' where version = 1");
    assertTrue(refusal().toString().contains("migration 0001-first.sql was changed"));
  }

  @Test
  void aDatabaseOfANewerProgramIsRefused() throws SQLException {
    open().close();
    execute("insert into schema_history values (99, 'later', 'x', 0)");
    assertTrue(refusal().toString().contains("version 99"), "both numbers are named");
  }

  @Test
  void aDamagedDatabaseIsRefused() throws IOException {
    Files.writeString(folder.resolve("luthier.db"), "this is no database ".repeat(1000));
    assertThrows(RuntimeException.class, () -> open().close());
  }
}
