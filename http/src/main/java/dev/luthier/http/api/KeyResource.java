package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.platform.Organisation;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.keys.ApiKey;
import dev.luthier.platform.keys.KeyService;
import dev.luthier.wire.api.AdminApiKey;
import dev.luthier.wire.api.CursorPage;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// `/v1/organization/admin_api_keys`: the keys of this server. Each may do everything.
public final class KeyResource {
  private static final int LIMIT_DEFAULT = 20;
  private static final int LIMIT_MAX = 100;

  private final KeyService keys;
  private final Organisation organisation;

  public KeyResource(KeyService keys, Organisation organisation) {
    this.keys = keys;
    this.organisation = organisation;
  }

  void list(Context context) {
    var all = keys.list();
    boolean newestFirst =
        PageQuery.oneOf(context, "order", List.of("asc", "desc"))
            .filter("desc"::equals)
            .isPresent();
    var page =
        PageQuery.cut(
            newestFirst ? all.reversed() : all,
            ApiKey::id,
            PageQuery.read(context, LIMIT_DEFAULT, LIMIT_MAX));
    var data = page.data().stream().map(key -> object(key, Optional.empty())).toList();
    Answers.json(context, CursorPage.of(data, AdminApiKey::id, page.hasMore()));
  }

  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    body.optional("expires_in_seconds")
        .ifPresent(seconds -> {
          throw seconds.refusal(
              ErrorCode.UNSUPPORTED_PARAMETER,
              "Unsupported parameter: '%s' is not supported: keys are good until they are revoked.");
        });
    var made = keys.make(body.required("name").string());
    Answers.json(context, object(made.key(), Optional.of(made.secret())));
  }

  void get(Context context) {
    Answers.json(context, object(keys.get(context.pathParam("id")), Optional.empty()));
  }

  void revoke(Context context) {
    var id = context.pathParam("id");
    keys.revoke(id);
    Answers.json(context, new AdminApiKey.Deleted(id));
  }

  private AdminApiKey object(ApiKey key, Optional<String> value) {
    long createdAt = key.createdAt().getEpochSecond();
    return new AdminApiKey(
        "organization.admin_api_key",
        key.id(),
        key.name(),
        key.shown(),
        createdAt,
        Optional.empty(),
        Optional.empty(),
        new AdminApiKey.Owner(
            "user",
            "organization.user",
            organisation.id(),
            organisation.slug(),
            createdAt,
            "owner"),
        value);
  }
}
