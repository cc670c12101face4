-- Chat completions that users asked to keep, and creations that carried an Idempotency-Key.
create table stored_completions (
  id text primary key,
  position bigint not null unique,
  created_at bigint not null,
  model text not null,
  answer text not null,
  messages text not null
);

create index stored_completions_age on stored_completions (created_at);

create table stored_completion_metadata (
  completion_id text not null references stored_completions (id) on delete cascade,
  name text not null,
  value text not null,
  primary key (completion_id, name)
);

create table idempotent_creations (
  kind text not null,
  name text not null,
  request_sha256 text not null,
  created_id text not null,
  created_at bigint not null,
  primary key (kind, name)
);
