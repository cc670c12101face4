-- What the losses of a job follow from, as its trainer told before the first step.
create table job_manifests (
  job_id text not null,
  name text not null,
  value text not null,
  primary key (job_id, name)
);
