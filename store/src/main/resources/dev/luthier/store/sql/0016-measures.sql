-- Figures that only one training method has, as JSON by their names.
alter table step_metrics add column measures text not null default '{}';
alter table checkpoints add column measures text not null default '{}';
