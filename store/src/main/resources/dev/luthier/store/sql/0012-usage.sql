-- What models read and wrote, minute by minute; older than a week, hour by hour.
create table token_usage (
  start bigint not null,
  model text not null,
  batch integer not null,
  input bigint not null,
  cached bigint not null,
  output bigint not null,
  requests bigint not null,
  primary key (start, model, batch)
);
