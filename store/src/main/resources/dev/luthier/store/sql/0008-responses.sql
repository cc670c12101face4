-- Responses that are kept, each with all that its model was given.
create table stored_responses (
  id text primary key,
  created_at bigint not null,
  still_open integer not null,
  answer text not null,
  items text not null
);

create index stored_responses_age on stored_responses (created_at);
