-- How a job is trained; the settings that only its method has are JSON.
alter table jobs add column method text not null default 'supervised';
alter table jobs add column method_settings text not null default '{}';
