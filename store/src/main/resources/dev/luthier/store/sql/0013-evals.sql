-- Evals, their runs, and what became of each row of a run.
create table evals (
  id text primary key,
  position bigint not null unique,
  name text not null,
  created_at bigint not null,
  updated_at bigint not null,
  config text not null,
  criteria text not null
);

create table eval_metadata (
  eval_id text not null references evals (id) on delete cascade,
  name text not null,
  value text not null,
  primary key (eval_id, name)
);

create table eval_runs (
  id text primary key,
  position bigint not null unique,
  eval_id text not null references evals (id) on delete cascade,
  name text not null,
  created_at bigint not null,
  model text not null,
  source text not null,
  state text not null,
  total integer not null,
  errored integer not null,
  failed integer not null,
  passed integer not null,
  model_usage text not null,
  criteria text not null,
  failure_code text,
  failure_message text
);

create index eval_runs_of_eval on eval_runs (eval_id, position);
create index eval_runs_of_state on eval_runs (state);

create table eval_run_metadata (
  run_id text not null references eval_runs (id) on delete cascade,
  name text not null,
  value text not null,
  primary key (run_id, name)
);

create table eval_output_items (
  id text primary key,
  run_id text not null references eval_runs (id) on delete cascade,
  eval_id text not null,
  number integer not null,
  created_at bigint not null,
  outcome text not null,
  body text not null,
  unique (run_id, number)
);
