-- The brake for everything, why runs wait, and what operators have changed on them.

CREATE TABLE ${schema}.brake (
  one boolean NOT NULL DEFAULT true
    CONSTRAINT brake_pkey PRIMARY KEY
    CONSTRAINT brake_is_one CHECK (one),
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  who text NOT NULL,
  reason text
);

COMMENT ON TABLE ${schema}.brake IS 'While its only row is there, every run waits between two chunks.';

CREATE TABLE ${schema}.health (
  run bigint
    CONSTRAINT health_pkey PRIMARY KEY
    CONSTRAINT health_run_fkey REFERENCES ${schema}.run ON DELETE CASCADE,
  waiting_since timestamptz,
  reasons text[] NOT NULL,
  unseen text[] NOT NULL
);

COMMENT ON TABLE ${schema}.health IS
  'Why a run waits just now, and which signals it cannot see. What has passed is in event.';

CREATE TABLE ${schema}.tuning (
  run bigint
    CONSTRAINT tuning_pkey PRIMARY KEY
    CONSTRAINT tuning_run_fkey REFERENCES ${schema}.run ON DELETE CASCADE,
  connections int CONSTRAINT tuning_connections_positive CHECK (connections > 0),
  rate bigint CONSTRAINT tuning_rate_not_negative CHECK (rate >= 0),
  target_millis bigint CONSTRAINT tuning_target_not_negative CHECK (target_millis >= 0)
);

COMMENT ON TABLE ${schema}.tuning IS
  'What an operator has changed on a run, for all its attempts. A rate of 0 is as fast as possible.';
