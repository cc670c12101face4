-- What users said of names that stand for models; without a model, a built-in name was removed.
create table aliases (
  name text primary key,
  model text
);
