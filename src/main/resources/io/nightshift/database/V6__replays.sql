-- Rejects are tried again: who did, with which texts, and which rejects went in.

CREATE TABLE ${schema}.replay (
  replay bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT replay_pkey PRIMARY KEY,
  run bigint NOT NULL CONSTRAINT replay_run_fkey REFERENCES ${schema}.run ON DELETE CASCADE,
  who text NOT NULL,
  host text NOT NULL,
  pid bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz
);

CREATE INDEX replay_run_idx ON ${schema}.replay (run);

COMMENT ON TABLE ${schema}.replay IS 'One trying of the open rejects of a run. What it applied names it in reject.';

ALTER TABLE ${schema}.run_content ADD COLUMN replay bigint;

COMMENT ON COLUMN ${schema}.run_content.replay IS
  'The first replay that used this text, which is not among those the run was frozen with; NULL for these.';

ALTER TABLE ${schema}.reject ADD COLUMN replay bigint;

ALTER TABLE ${schema}.reject ADD COLUMN refused_in xid8;

-- Not for the rows that are there: nothing tells in which transaction they were refused.
ALTER TABLE ${schema}.reject ALTER COLUMN refused_in SET DEFAULT pg_current_xact_id();

COMMENT ON COLUMN ${schema}.reject.replay IS 'The replay that applied it.';

COMMENT ON COLUMN ${schema}.reject.refused_in IS
  'The transaction of its chunk: a row of the same key with a younger xmin was written since.';

ALTER TABLE ${schema}.file ADD COLUMN fields text[];

COMMENT ON COLUMN ${schema}.file.fields IS
  'The names of its fields, in order: a rejected record can be read again when the file is gone.';
