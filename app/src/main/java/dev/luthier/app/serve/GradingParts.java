package dev.luthier.app.serve;

import dev.luthier.platform.chat.ChatService;
import dev.luthier.platform.graders.ChatJudge;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.trainer.GradingDesk;
import dev.luthier.platform.trainer.RunningJobs;
import dev.luthier.store.sql.Database;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What judges the answers of trainers.
final class GradingParts implements AutoCloseable {
  /// Models that are asked at a time.
  private static final int JUDGES = 8;

  private final ExecutorService judges =
      Executors.newFixedThreadPool(JUDGES, Thread.ofPlatform().name("judge-", 0).factory());
  private final GradingDesk desk;

  GradingParts(RunningJobs running, ChatService chat, Database database) {
    var graders = new Graders(new ChatJudge(chat), System::nanoTime);
    desk = new GradingDesk(running, graders, database, judges);
  }

  GradingDesk desk() {
    return desk;
  }

  @Override
  public void close() {
    judges.shutdownNow();
  }
}
