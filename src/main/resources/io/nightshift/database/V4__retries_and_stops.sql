-- What became of chunks that took too long, and stops that do not wait for the chunk.

ALTER TABLE ${schema}.step
  ADD COLUMN chunk int CONSTRAINT step_chunk_positive CHECK (chunk > 0);

COMMENT ON COLUMN ${schema}.step.chunk IS 'To how many rows a chunk was halved last, because a statement was cancelled.';

ALTER TABLE ${schema}.run
  ADD COLUMN stop_now boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN ${schema}.run.stop_now IS 'Whether the stop that was asked for does not wait for the chunk.';
