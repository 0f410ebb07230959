-- What a proof needs beside the ledger, and what a ledger leaves behind when its chunks are collapsed.

ALTER TABLE ${schema}.run
  ADD COLUMN books_removed_at timestamptz;

COMMENT ON COLUMN ${schema}.run.books_removed_at IS
  'When everything about the run was removed but its own row, those of its steps, and the hashes of the files it loaded.';

ALTER TABLE ${schema}.step
  ADD COLUMN read bigint,
  ADD COLUMN written bigint,
  ADD COLUMN rejected bigint,
  ADD COLUMN skipped bigint,
  ADD COLUMN chunks bigint,
  ADD COLUMN began_xid bigint,
  ADD COLUMN ended_xid bigint,
  ADD COLUMN seal text,
  ADD COLUMN collapsed_at timestamptz,
  ADD COLUMN collapsed_seal text,
  ADD COLUMN rejects_removed_at timestamptz;

COMMENT ON COLUMN ${schema}.step.read IS
  'The sums over the ledger when the step had ended, like written, rejected, skipped and chunks; they outlive the ledger.';

COMMENT ON COLUMN ${schema}.step.began_xid IS
  'The transaction that froze the range, and in ended_xid the one behind the last chunk: they tell row versions that the step wrote from older and later ones.';

COMMENT ON COLUMN ${schema}.step.seal IS 'Hash over the ledger rows that there must be: those of the step''s end, or the collapsed ones.';

COMMENT ON COLUMN ${schema}.step.collapsed_seal IS 'Hash over the ledger rows that were collapsed into one for each piece.';

COMMENT ON COLUMN ${schema}.step.rejects_removed_at IS 'When the rejects of the step were old enough to be removed.';

CREATE TABLE ${schema}.written_file (
  run bigint NOT NULL,
  step text NOT NULL,
  path text NOT NULL,
  size bigint NOT NULL,
  hash text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT written_file_pkey PRIMARY KEY (run, step, path)
);

CREATE INDEX written_file_path_idx ON ${schema}.written_file (path, run);

COMMENT ON TABLE ${schema}.written_file IS 'Files that a step has written, as they were when they got their name.';

-- How many transactions ago this one was, comparable with age(xmin) of a row; NULL where that cannot be told any more,
-- because it was too long ago, or on another server.
CREATE FUNCTION ${schema}.xid_age(of_xid bigint) RETURNS integer
  LANGUAGE sql STABLE
  SET search_path = pg_catalog
RETURN (
  SELECT CASE WHEN n.next - of_xid BETWEEN 0 AND 2147483647 THEN age((of_xid % 4294967296)::text::xid) END
  FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next) n
);

-- The order is that of the bytes: a seal must not change with the server's collations.
CREATE FUNCTION ${schema}.seal(of_run bigint, of_step text) RETURNS text
  LANGUAGE sql STABLE
  SET search_path = pg_catalog
RETURN (
  SELECT encode(
    sha256(
      convert_to(
        coalesce(
          string_agg(
            concat_ws(
              '|', l.piece, l.after, l.last, l.read, l.written, l.rejected, l.skipped, coalesce(l.counts::text, '-'),
              l.last_offset, l.last_line, extract(epoch FROM l.started_at), l.millis, l.attempt),
            E'\n' ORDER BY l.piece, l.after COLLATE "C"),
          ''),
        'UTF8')),
    'hex')
  FROM ${schema}.ledger l
  WHERE l.run = of_run
    AND l.step = of_step
);

COMMENT ON FUNCTION ${schema}.seal(bigint, text) IS 'Hash over the ledger rows of a step, as they stand.';

-- One row per piece with its sums takes the place of its chunks, where the step has ended for good and its ledger is
-- still the one that it ended with.
CREATE FUNCTION ${schema}.collapse(of_run bigint, of_step text) RETURNS boolean
  LANGUAGE plpgsql
  SET search_path = pg_catalog
AS $$
BEGIN
  PERFORM
  FROM ${schema}.step s
    JOIN ${schema}.run r ON r.run = s.run
  WHERE s.run = of_run
    AND s.step = of_step
    AND s.state = 'COMPLETED'
    AND s.collapsed_at IS NULL
    AND s.seal = ${schema}.seal(of_run, of_step)
    AND r.state = 'COMPLETED'
  FOR UPDATE OF s;
  IF NOT FOUND THEN
    RETURN false;
  END IF;

  WITH gone AS (
    DELETE FROM ${schema}.ledger l
    WHERE l.run = of_run
      AND l.step = of_step
    RETURNING l.*
  ), tables AS (
    SELECT t.piece, jsonb_object_agg(t.name, t.rows ORDER BY t.name) AS counts
    FROM (
      SELECT g.piece, c.key AS name, sum(c.value::bigint) AS rows
      FROM gone g
        CROSS JOIN LATERAL jsonb_each_text(g.counts) c
      GROUP BY g.piece, c.key
    ) t
    GROUP BY t.piece
  )
  INSERT INTO ${schema}.ledger (
    run, step, piece, after, last, read, written, rejected, skipped, counts, last_offset, last_line, started_at,
    millis, attempt)
  SELECT of_run, of_step, e.piece, '{}', e.last, s.read, s.written, s.rejected, s.skipped, coalesce(t.counts, '{}'),
    e.last_offset, e.last_line, s.started_at, s.millis, s.attempt
  FROM (
    SELECT piece, sum(read) AS read, sum(written) AS written, sum(rejected) AS rejected, sum(skipped) AS skipped,
      min(started_at) AS started_at, sum(millis) AS millis, max(attempt) AS attempt
    FROM gone
    GROUP BY piece
  ) s
    JOIN gone e ON e.piece = s.piece
    LEFT JOIN tables t ON t.piece = s.piece
  WHERE NOT EXISTS (SELECT FROM gone n WHERE n.piece = e.piece AND n.after = e.last);

  UPDATE ${schema}.step s
  SET collapsed_at = clock_timestamp(),
    collapsed_seal = s.seal,
    seal = ${schema}.seal(of_run, of_step)
  WHERE s.run = of_run
    AND s.step = of_step;
  RETURN true;
END $$;

COMMENT ON FUNCTION ${schema}.collapse(bigint, text) IS
  'Collapses the chunks of a step into one row for each piece; false, and nothing done, where the run is not COMPLETED, the ledger was changed since, or it is done already.';
