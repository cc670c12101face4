package dev.luthier.http.api;

import dev.luthier.http.Routes;
import io.javalin.config.RoutesConfig;

/// The routes of the public API. Everything under `/v1` needs a key; an unknown URL and a wrong
/// method are told without one.
public final class PublicApi implements Routes {

  private final Authentication authentication;
  private final FileResource files;
  private final UploadResource uploads;
  private final FineTuningResource jobs;
  private final PermissionResource permissions;
  private final ModelResource models;
  private final ChatResource chat;
  private final StoredChatResource stored;
  private final CompletionResource completions;
  private final ResponseResource responses;
  private final ConversationResource conversations;
  private final BatchResource batches;
  private final WebhookResource webhooks;
  private final UsageResource usage;
  private final KeyResource keys;

  public PublicApi(
      Authentication authentication,
      FileResource files,
      UploadResource uploads,
      FineTuningResource jobs,
      PermissionResource permissions,
      ModelResource models,
      ChatResource chat,
      StoredChatResource stored,
      CompletionResource completions,
      ResponseResource responses,
      ConversationResource conversations,
      BatchResource batches,
      WebhookResource webhooks,
      UsageResource usage,
      KeyResource keys) {
    this.authentication = authentication;
    this.files = files;
    this.uploads = uploads;
    this.jobs = jobs;
    this.permissions = permissions;
    this.models = models;
    this.chat = chat;
    this.stored = stored;
    this.completions = completions;
    this.responses = responses;
    this.conversations = conversations;
    this.batches = batches;
    this.webhooks = webhooks;
    this.usage = usage;
    this.keys = keys;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.beforeMatched("/v1/*", authentication);

    routes.get("/health", Health::answer);
    routes.get("/openapi.yaml", Description::answer);

    routes.post("/v1/files", files::upload);
    routes.get("/v1/files", files::list);
    routes.get("/v1/files/{id}", files::get);
    routes.delete("/v1/files/{id}", files::delete);
    routes.get("/v1/files/{id}/content", files::content);

    routes.post("/v1/uploads", uploads::create);
    routes.post("/v1/uploads/{id}/parts", uploads::add);
    routes.post("/v1/uploads/{id}/complete", uploads::complete);
    routes.post("/v1/uploads/{id}/cancel", uploads::cancel);

    routes.post("/v1/fine_tuning/jobs", jobs::create);
    routes.get("/v1/fine_tuning/jobs", jobs::list);
    routes.get("/v1/fine_tuning/jobs/{id}", jobs::get);
    routes.post("/v1/fine_tuning/jobs/{id}/cancel", jobs::cancel);
    routes.post("/v1/fine_tuning/jobs/{id}/pause", jobs::pause);
    routes.post("/v1/fine_tuning/jobs/{id}/resume", jobs::resume);
    routes.get("/v1/fine_tuning/jobs/{id}/events", jobs::events);
    routes.get("/v1/fine_tuning/jobs/{id}/checkpoints", jobs::checkpoints);
    routes.get("/v1/fine_tuning/jobs/{id}/manifest", jobs::manifest);

    // Names may hold a slash, bare or as %2F.
    routes.post("/v1/fine_tuning/checkpoints/<checkpoint>/permissions", permissions::create);
    routes.get("/v1/fine_tuning/checkpoints/<checkpoint>/permissions", permissions::list);
    routes.delete("/v1/fine_tuning/checkpoints/<checkpoint>/permissions/{id}", permissions::delete);

    routes.get("/v1/organization/admin_api_keys", keys::list);
    routes.post("/v1/organization/admin_api_keys", keys::create);
    routes.get("/v1/organization/admin_api_keys/{id}", keys::get);
    routes.delete("/v1/organization/admin_api_keys/{id}", keys::revoke);

    routes.get("/v1/models", models::list);
    routes.get("/v1/models/<model>", models::get);
    routes.delete("/v1/models/<model>", models::delete);

    routes.post("/v1/chat/completions", Origins.of(chat::create));
    routes.get("/v1/chat/completions", stored::list);
    routes.get("/v1/chat/completions/{id}", stored::get);
    routes.post("/v1/chat/completions/{id}", stored::update);
    routes.delete("/v1/chat/completions/{id}", stored::delete);
    routes.get("/v1/chat/completions/{id}/messages", stored::messages);
    routes.post("/v1/completions", Origins.of(completions::create));
    routes.post("/v1/embeddings", OtherModels.EMBEDDINGS);
    routes.post("/v1/moderations", OtherModels.MODERATIONS);
    routes.post("/v1/responses", Origins.of(responses::create));
    routes.post("/v1/responses/input_tokens", conversations::count);
    routes.post("/v1/responses/compact", Origins.of(conversations::compact));
    routes.get("/v1/responses/{id}", responses::get);
    routes.delete("/v1/responses/{id}", responses::delete);
    routes.post("/v1/responses/{id}/cancel", responses::cancel);
    routes.get("/v1/responses/{id}/input_items", responses::items);
    addBackground(routes);
  }

  /// What happens while nobody waits, and what it took.
  private void addBackground(RoutesConfig routes) {
    routes.post("/v1/batches", batches::create);
    routes.get("/v1/batches", batches::list);
    routes.get("/v1/batches/{id}", batches::get);
    routes.post("/v1/batches/{id}/cancel", batches::cancel);

    routes.get("/v1/organization/usage/completions", usage::completions);
    UsageResource.UNUSED.forEach(
        kind -> routes.get("/v1/organization/usage/" + kind, usage::nothing));
    routes.get("/v1/organization/costs", usage::costs);

    routes.get("/v1/webhook_event_types", webhooks::types);
    routes.post("/v1/webhook_endpoints", webhooks::create);
    routes.get("/v1/webhook_endpoints", webhooks::list);
    routes.get("/v1/webhook_endpoints/{id}", webhooks::get);
    routes.post("/v1/webhook_endpoints/{id}", webhooks::update);
    routes.delete("/v1/webhook_endpoints/{id}", webhooks::delete);
    routes.post("/v1/webhook_endpoints/{id}/rotate_secret", webhooks::rotate);
    routes.post("/v1/webhook_endpoints/{id}/test", webhooks::test);
    routes.get("/v1/webhook_endpoints/{id}/deliveries", webhooks::deliveries);
  }
}
