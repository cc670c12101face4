package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.platform.stored.CompletionQuery;
import dev.luthier.platform.stored.CompletionService;
import dev.luthier.wire.api.CursorPage;
import dev.luthier.wire.api.DeletedCompletion;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/chat/completions` that were stored.
public final class StoredChatResource {
  private static final int LIMIT_DEFAULT = 20;
  private static final int LIMIT_MAX = 100;

  private final CompletionService completions;

  public StoredChatResource(CompletionService completions) {
    this.completions = completions;
  }

  void list(Context context) {
    var page =
        completions.list(
            new CompletionQuery(
                PageQuery.read(context, LIMIT_DEFAULT, LIMIT_MAX),
                PageQuery.parameter(context, "model"),
                MetadataQuery.read(context),
                newestFirst(context)));
    answer(
        context, page.data().stream().map(StoredChatObjects::completion).toList(), page.hasMore());
  }

  void get(Context context) {
    Answers.json(context, StoredChatObjects.completion(completions.get(id(context))));
  }

  void update(Context context) throws IOException {
    var metadata = JsonBody.read(context).required("metadata");
    var pairs = metadata.present() ? metadata.metadata() : Map.<String, String>of();
    Answers.json(context, StoredChatObjects.completion(completions.update(id(context), pairs)));
  }

  void delete(Context context) {
    completions.delete(id(context));
    Answers.json(context, new DeletedCompletion(id(context)));
  }

  void messages(Context context) {
    var messages = StoredChatObjects.messages(completions.get(id(context)));
    var request = PageQuery.read(context, LIMIT_DEFAULT, LIMIT_MAX);
    var page =
        PageQuery.cut(
            newestFirst(context) ? messages.reversed() : messages,
            StoredChatResource::idOf,
            request);
    answer(context, page.data(), page.hasMore());
  }

  private static void answer(Context context, List<ObjectNode> data, boolean hasMore) {
    Answers.json(context, CursorPage.of(data, StoredChatResource::idOf, hasMore));
  }

  private static String idOf(ObjectNode object) {
    return object.get("id").asString();
  }

  /// These lists run from the oldest on unless the query says otherwise.
  private static boolean newestFirst(Context context) {
    return PageQuery.oneOf(context, "order", List.of("asc", "desc"))
        .filter("desc"::equals)
        .isPresent();
  }

  private static String id(Context context) {
    return context.pathParam("id");
  }
}
