-- Who is told of events, what they are told, and every try to tell them.
create table webhook_endpoints (
  id text primary key,
  position bigint not null unique,
  created_at bigint not null,
  updated_at bigint not null,
  name text not null,
  url text not null,
  event_types text not null,
  secret text not null,
  earlier_secret text,
  earlier_until bigint
);

create table webhook_deliveries (
  id text primary key,
  position bigint not null unique,
  endpoint_id text not null references webhook_endpoints (id) on delete cascade,
  type text not null,
  body text not null,
  created_at bigint not null,
  state text not null,
  next_at bigint
);

create index webhook_deliveries_due on webhook_deliveries (next_at);
create index webhook_deliveries_of_endpoint on webhook_deliveries (endpoint_id, position);

create table webhook_attempts (
  delivery_id text not null references webhook_deliveries (id) on delete cascade,
  number integer not null,
  at bigint not null,
  millis bigint not null,
  status integer,
  error text,
  primary key (delivery_id, number)
);
