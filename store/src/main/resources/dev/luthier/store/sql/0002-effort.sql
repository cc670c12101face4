-- What a step took, for the dashboard's curves; empty for steps of an earlier program.
alter table step_metrics add column learning_rate double precision;
alter table step_metrics add column gradient_norm double precision;
alter table step_metrics add column tokens bigint;
alter table step_metrics add column seconds double precision;
alter table checkpoints add column learning_rate double precision;
alter table checkpoints add column gradient_norm double precision;
alter table checkpoints add column tokens bigint;
alter table checkpoints add column seconds double precision;
