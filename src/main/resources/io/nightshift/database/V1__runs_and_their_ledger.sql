-- What was asked for, what became of it, and the ledger that is the position.

CREATE TABLE ${schema}.run (
  run bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT run_pkey PRIMARY KEY,
  job text NOT NULL,
  work text NOT NULL,
  parameters jsonb NOT NULL,
  now timestamptz NOT NULL,
  as_of timestamptz NOT NULL,
  state text NOT NULL
    CONSTRAINT run_state_known CHECK (state IN ('STARTED', 'COMPLETED', 'FAILED', 'STOPPED', 'ABANDONED')),
  reason text,
  who text NOT NULL,
  host text NOT NULL,
  pid bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  parent_run bigint CONSTRAINT run_parent_run_fkey REFERENCES ${schema}.run,
  parent_step text,
  slot timestamptz,
  stop_requested_at timestamptz,
  stop_requested_by text,
  content_hash text NOT NULL
);

CREATE INDEX run_job_idx ON ${schema}.run (job, run);

CREATE INDEX run_work_idx ON ${schema}.run (work, run);

CREATE INDEX run_parent_run_idx ON ${schema}.run (parent_run);

CREATE INDEX run_started_idx ON ${schema}.run (state) WHERE state = 'STARTED';

COMMENT ON TABLE ${schema}.run IS 'One job with one set of frozen parameters. Its number never changes.';

COMMENT ON COLUMN ${schema}.run.work IS 'Hash of the job and its identifying parameters: runs of the same work continue each other.';

COMMENT ON COLUMN ${schema}.run.parameters IS '{"name": ["value", ...]}, resolved, defaults included.';

CREATE TABLE ${schema}.fence (
  run bigint CONSTRAINT fence_pkey PRIMARY KEY CONSTRAINT fence_run_fkey REFERENCES ${schema}.run,
  token bigint NOT NULL
);

COMMENT ON TABLE ${schema}.fence IS
  'The token that every chunk reads first. It changes when an attempt begins and at take-over, so that a zombie cannot commit. Nothing else is here: chunks lock this row.';

CREATE TABLE ${schema}.attempt (
  run bigint NOT NULL CONSTRAINT attempt_run_fkey REFERENCES ${schema}.run,
  attempt int NOT NULL,
  token bigint NOT NULL,
  job_execution_id bigint,
  state text NOT NULL
    CONSTRAINT attempt_state_known CHECK (state IN ('STARTED', 'COMPLETED', 'FAILED', 'STOPPED', 'ABANDONED')),
  reason text,
  who text NOT NULL,
  host text NOT NULL,
  pid bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  CONSTRAINT attempt_pkey PRIMARY KEY (run, attempt)
);

CREATE INDEX attempt_job_execution_idx ON ${schema}.attempt (job_execution_id);

COMMENT ON TABLE ${schema}.attempt IS 'One execution of a run: the first, or one that continues after failure, crash or stop.';

CREATE TABLE ${schema}.step (
  run bigint NOT NULL CONSTRAINT step_run_fkey REFERENCES ${schema}.run,
  step text NOT NULL,
  ordinal int NOT NULL,
  kind text NOT NULL,
  total bigint,
  total_estimated boolean NOT NULL DEFAULT false,
  state text NOT NULL
    CONSTRAINT step_state_known CHECK (state IN ('STARTED', 'COMPLETED', 'FAILED', 'STOPPED')),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  CONSTRAINT step_pkey PRIMARY KEY (run, step)
);

COMMENT ON TABLE ${schema}.step IS 'A step of a run, from its first beginning on, with the rows that were expected then.';

CREATE TABLE ${schema}.piece (
  run bigint NOT NULL,
  step text NOT NULL,
  piece int NOT NULL,
  pass int NOT NULL DEFAULT 1,
  lower text[] NOT NULL,
  upper text[] NOT NULL,
  CONSTRAINT piece_pkey PRIMARY KEY (run, step, piece)
);

COMMENT ON TABLE ${schema}.piece IS 'Ranges of a step, written once before its first chunk and never split again. An empty array is an open end.';

CREATE TABLE ${schema}.content (
  hash text CONSTRAINT content_pkey PRIMARY KEY,
  name text NOT NULL,
  text text NOT NULL
);

COMMENT ON TABLE ${schema}.content IS 'Job files and statements as they were when a run used them.';

CREATE TABLE ${schema}.run_content (
  run bigint NOT NULL CONSTRAINT run_content_run_fkey REFERENCES ${schema}.run,
  hash text NOT NULL CONSTRAINT run_content_hash_fkey REFERENCES ${schema}.content,
  CONSTRAINT run_content_pkey PRIMARY KEY (run, hash)
);

CREATE INDEX run_content_hash_idx ON ${schema}.run_content (hash);

COMMENT ON TABLE ${schema}.run_content IS 'Which texts a run used.';

CREATE TABLE ${schema}.file (
  run bigint NOT NULL,
  step text NOT NULL,
  file int NOT NULL,
  path text NOT NULL,
  size bigint NOT NULL,
  hash text NOT NULL,
  skipped boolean NOT NULL DEFAULT false,
  CONSTRAINT file_pkey PRIMARY KEY (run, step, file)
);

CREATE INDEX file_hash_idx ON ${schema}.file (hash);

COMMENT ON TABLE ${schema}.file IS 'Files that a step reads; skipped ones had been loaded before.';

CREATE TABLE ${schema}.ledger (
  run bigint NOT NULL,
  step text NOT NULL,
  piece int NOT NULL,
  after text[] NOT NULL,
  last text[] NOT NULL,
  read bigint NOT NULL,
  written bigint NOT NULL,
  rejected bigint NOT NULL,
  skipped bigint NOT NULL,
  counts jsonb,
  last_offset bigint,
  last_line bigint,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  millis bigint NOT NULL,
  attempt int NOT NULL,
  CONSTRAINT ledger_pkey PRIMARY KEY (run, step, piece, after),
  CONSTRAINT ledger_adds_up CHECK (read = written + rejected + skipped),
  CONSTRAINT ledger_counts_not_negative CHECK (written >= 0 AND rejected >= 0 AND skipped >= 0)
);

COMMENT ON TABLE ${schema}.ledger IS
  'One row per committed chunk, written in the chunk''s own transaction: the position. The primary key forbids two chunks from one point.';

COMMENT ON COLUMN ${schema}.ledger.counts IS 'Rows per table, where a chunk touches several.';

CREATE TABLE ${schema}.reject (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT reject_pkey PRIMARY KEY,
  run bigint NOT NULL,
  step text NOT NULL,
  file int,
  record bigint,
  line bigint,
  byte_offset bigint,
  key text[],
  raw bytea,
  raw_length bigint,
  sqlstate text,
  constraint_name text,
  column_name text,
  message text NOT NULL,
  reason text,
  state text NOT NULL DEFAULT 'open'
    CONSTRAINT reject_state_known CHECK (state IN ('open', 'replayed', 'dismissed')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX reject_run_idx ON ${schema}.reject (run, step);

COMMENT ON TABLE ${schema}.reject IS 'Input rows and keys that were not applied, with the bytes they came as.';

CREATE TABLE ${schema}.event (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT event_pkey PRIMARY KEY,
  run bigint CONSTRAINT event_run_fkey REFERENCES ${schema}.run,
  step text,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text NOT NULL,
  who text,
  message text NOT NULL
);

CREATE INDEX event_run_idx ON ${schema}.event (run, id);

COMMENT ON TABLE ${schema}.event IS 'Retries, holds, stops, take-overs: what happened and who did it. Events of no run concern everything.';

CREATE TABLE ${schema}.fire (
  schedule text NOT NULL,
  slot timestamptz NOT NULL,
  state text NOT NULL
    CONSTRAINT fire_state_known CHECK (state IN ('STARTED', 'DONE', 'FAILED', 'MISSED', 'OVERLAPPED')),
  run bigint CONSTRAINT fire_run_fkey REFERENCES ${schema}.run,
  node text,
  reason text,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT fire_pkey PRIMARY KEY (schedule, slot)
);

CREATE INDEX fire_run_idx ON ${schema}.fire (run);

COMMENT ON TABLE ${schema}.fire IS 'One row per slot of a schedule: whoever inserts it runs it, on whatever machine.';
