package dev.luthier.worker.trainer;

import dev.luthier.wire.Json;
import dev.luthier.wire.bench.BenchQuestion;
import dev.luthier.wire.internal.GradeAnswer;
import dev.luthier.wire.internal.GradeRequest;
import dev.luthier.worker.server.RefusedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/// Has answers judged by whoever started this process: a line each way.
///
/// @param questions where they are written, one a line
/// @param answers where the judgements come from, one line a question
public record ParentsGrades(PrintStream questions, BufferedReader answers)
    implements ServerRewards.Grading {
  @Override
  public GradeAnswer grade(GradeRequest request) {
    questions.println(Json.text(new BenchQuestion(request)));
    questions.flush();
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new RefusedException("Nobody is here who judges answers");
      }
      return Json.read(line, GradeAnswer.class);
    } catch (IOException e) {
      throw new UncheckedIOException("judgements cannot be read", e);
    }
  }
}
