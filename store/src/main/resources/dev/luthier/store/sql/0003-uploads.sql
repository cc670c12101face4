-- Files that come in parts.
create table uploads (
  id text primary key,
  bytes bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  filename text not null,
  purpose text not null,
  file_seconds bigint,
  state text not null,
  file_id text
);

create table upload_parts (
  id text primary key,
  upload_id text not null references uploads (id),
  position bigint not null,
  created_at bigint not null,
  bytes bigint not null
);

create index upload_parts_of_upload on upload_parts (upload_id, position);
