-- Keys have names and a time, so that one of several can be told and revoked.
alter table api_keys add column name text not null default '';

alter table api_keys add column shown text not null default '';

alter table api_keys add column created_at bigint not null default 0;
