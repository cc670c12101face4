-- What a job was told of its training that OpenAI's API has no field for, as JSON.
alter table jobs add column extensions text not null default '{}';
