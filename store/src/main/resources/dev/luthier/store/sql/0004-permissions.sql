-- Which projects may use a checkpoint.
create table checkpoint_permissions (
  id text primary key,
  position bigint not null unique,
  model_name text not null,
  project_id text not null,
  created_at bigint not null,
  unique (model_name, project_id)
);
