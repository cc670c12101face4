-- Jobs that were put first have a rank below 0; the least comes first.
alter table jobs add column queue_rank bigint not null default 0;
