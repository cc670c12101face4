-- Times are milliseconds since 1970. Only what SQLite and PostgreSQL share is used.
create table installation (
  name text primary key,
  value text not null
);

create table api_keys (
  hash text primary key,
  origin text not null
);

create table files (
  id text primary key,
  position bigint not null unique,
  bytes bigint not null,
  created_at bigint not null,
  expires_at bigint,
  filename text not null,
  purpose text not null,
  status text not null,
  status_details text,
  sha256 text not null,
  deleted_at bigint
);

create table jobs (
  id text primary key,
  position bigint not null unique,
  created_at bigint not null,
  finished_at bigint,
  organisation_id text not null,
  model text not null,
  base_id text not null,
  parent_adapter_id text,
  fine_tuned_model text,
  state text not null,
  epochs integer,
  batch_size integer,
  learning_rate_multiplier double precision,
  training_file text not null,
  validation_file text,
  result_file text,
  trained_tokens bigint,
  error_code text,
  error_message text,
  error_param text,
  suffix text,
  seed integer not null,
  estimated_finish bigint,
  integrations text not null,
  has_metadata integer not null,
  attempt integer not null,
  launch_id text,
  launched_at bigint,
  started_at bigint,
  start_step integer not null,
  lease_until bigint,
  training_examples integer,
  total_steps integer,
  last_step integer not null,
  resume_step integer,
  resume_sha256 text,
  death_step integer not null,
  deaths integer not null
);

create index jobs_state on jobs (state, position);

create table job_metadata (
  job_id text not null references jobs (id) on delete cascade,
  name text not null,
  value text not null,
  primary key (job_id, name)
);

create table step_metrics (
  job_id text not null references jobs (id) on delete cascade,
  step integer not null,
  attempt integer not null,
  total_steps integer not null,
  train_loss double precision not null,
  train_accuracy double precision not null,
  valid_loss double precision,
  valid_accuracy double precision,
  full_valid_loss double precision,
  full_valid_accuracy double precision,
  primary key (job_id, step)
);

create table job_events (
  id text primary key,
  job_id text not null references jobs (id) on delete cascade,
  sequence bigint not null,
  created_at bigint not null,
  level text not null,
  message text not null,
  data text not null,
  step integer,
  unique (job_id, sequence)
);

create table checkpoints (
  id text primary key,
  job_id text not null references jobs (id) on delete cascade,
  created_at bigint not null,
  model_name text not null unique,
  base_id text not null,
  adapter_id text not null,
  step integer not null,
  epoch integer not null,
  total_steps integer not null,
  train_loss double precision not null,
  train_accuracy double precision not null,
  valid_loss double precision,
  valid_accuracy double precision,
  full_valid_loss double precision,
  full_valid_accuracy double precision,
  is_last integer not null,
  is_listed integer not null,
  is_deleted integer not null,
  unique (job_id, step)
);

create index checkpoints_adapter on checkpoints (adapter_id);

create table launches (
  id text primary key,
  kind text not null,
  subject text not null,
  attempt integer not null,
  code_hash text not null,
  token_hash text unique,
  created_at bigint not null
);
