-- Files of requests that are answered in the background, and the answers until their files are written.
create table batches (
  id text primary key,
  position bigint not null unique,
  created_at bigint not null,
  input_file_id text not null,
  endpoint text not null,
  output_seconds bigint,
  state text not null,
  in_progress_at bigint,
  finalizing_at bigint,
  completed_at bigint,
  failed_at bigint,
  expired_at bigint,
  cancelling_at bigint,
  cancelled_at bigint,
  model text,
  errors text not null,
  total integer not null,
  completed integer not null,
  failed integer not null,
  input_tokens bigint not null,
  cached_tokens bigint not null,
  output_tokens bigint not null,
  output_file_id text,
  error_file_id text
);

create index batches_of_state on batches (state);

create table batch_metadata (
  batch_id text not null references batches (id) on delete cascade,
  name text not null,
  value text not null,
  primary key (batch_id, name)
);

create table batch_answers (
  batch_id text not null references batches (id) on delete cascade,
  line integer not null,
  failed integer not null,
  answer text not null,
  primary key (batch_id, line)
);
