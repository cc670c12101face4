package dev.luthier.http.api;

import dev.luthier.http.Answers;
import io.javalin.http.Context;

/// Says that the server answers; needs no key.
record Health(String status) {
  static void answer(Context context) {
    Answers.json(context, new Health("ok"));
  }
}
