package dev.luthier.http.dashboard;

import dev.luthier.http.Answers;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.Value;
import dev.luthier.platform.models.Alias;
import dev.luthier.platform.models.AliasService;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;

/// `/internal/ui/aliases`: names that stand for models. A name may hold a slash, bare or as `%2F`.
public final class AliasViews {
  private static final int NAME_MAX = 400;

  private final AliasService aliases;

  public AliasViews(AliasService aliases) {
    this.aliases = aliases;
  }

  /// @param answers whether the model is there
  private record Line(String name, String model, boolean builtIn, boolean answers) {}

  private record Listing(List<Line> data) {}

  private record Removed(String name, boolean removed) {}

  void list(Context context) {
    Answers.json(context, new Listing(aliases.list().stream().map(this::line).toList()));
  }

  /// A new `name` for a `model`; refused when there is one.
  void make(Context context) throws IOException {
    var body = JsonBody.read(context);
    var name = body.required("name").string(NAME_MAX);
    Answers.json(context, line(aliases.make(name, model(body.required("model")))));
  }

  /// Made, or moved to another `model`.
  void set(Context context) throws IOException {
    var model = model(JsonBody.read(context).required("model"));
    Answers.json(context, line(aliases.set(context.pathParam("name"), model)));
  }

  void remove(Context context) {
    var name = context.pathParam("name");
    aliases.remove(name);
    Answers.json(context, new Removed(name, true));
  }

  private static String model(Value value) {
    return value.string(NAME_MAX);
  }

  private Line line(Alias alias) {
    return new Line(alias.name(), alias.model(), alias.builtIn(), aliases.answers(alias));
  }
}
