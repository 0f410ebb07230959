-- Spring Batch's own tables, as its 6.0 expects them, with what its own script lacks: indexes on the foreign keys, and
-- room on the pages of rows that every chunk updates.

CREATE TABLE ${schema}.batch_job_instance (
  job_instance_id bigint NOT NULL PRIMARY KEY,
  version bigint,
  job_name varchar(100) NOT NULL,
  job_key varchar(32) NOT NULL,
  CONSTRAINT job_inst_un UNIQUE (job_name, job_key)
);

CREATE TABLE ${schema}.batch_job_execution (
  job_execution_id bigint NOT NULL PRIMARY KEY,
  version bigint,
  job_instance_id bigint NOT NULL,
  create_time timestamp NOT NULL,
  start_time timestamp,
  end_time timestamp,
  status varchar(10),
  exit_code varchar(2500),
  exit_message varchar(2500),
  last_updated timestamp,
  CONSTRAINT job_inst_exec_fk FOREIGN KEY (job_instance_id)
    REFERENCES ${schema}.batch_job_instance (job_instance_id)
);

CREATE TABLE ${schema}.batch_job_execution_params (
  job_execution_id bigint NOT NULL,
  parameter_name varchar(100) NOT NULL,
  parameter_type varchar(100) NOT NULL,
  parameter_value varchar(2500),
  identifying char(1) NOT NULL,
  CONSTRAINT job_exec_params_fk FOREIGN KEY (job_execution_id)
    REFERENCES ${schema}.batch_job_execution (job_execution_id)
);

CREATE TABLE ${schema}.batch_step_execution (
  step_execution_id bigint NOT NULL PRIMARY KEY,
  version bigint NOT NULL,
  step_name varchar(100) NOT NULL,
  job_execution_id bigint NOT NULL,
  create_time timestamp NOT NULL,
  start_time timestamp,
  end_time timestamp,
  status varchar(10),
  commit_count bigint,
  read_count bigint,
  filter_count bigint,
  write_count bigint,
  read_skip_count bigint,
  write_skip_count bigint,
  process_skip_count bigint,
  rollback_count bigint,
  exit_code varchar(2500),
  exit_message varchar(2500),
  last_updated timestamp,
  CONSTRAINT job_exec_step_fk FOREIGN KEY (job_execution_id)
    REFERENCES ${schema}.batch_job_execution (job_execution_id)
);

CREATE TABLE ${schema}.batch_step_execution_context (
  step_execution_id bigint NOT NULL PRIMARY KEY,
  short_context varchar(2500) NOT NULL,
  serialized_context text,
  CONSTRAINT step_exec_ctx_fk FOREIGN KEY (step_execution_id)
    REFERENCES ${schema}.batch_step_execution (step_execution_id)
);

CREATE TABLE ${schema}.batch_job_execution_context (
  job_execution_id bigint NOT NULL PRIMARY KEY,
  short_context varchar(2500) NOT NULL,
  serialized_context text,
  CONSTRAINT job_exec_ctx_fk FOREIGN KEY (job_execution_id)
    REFERENCES ${schema}.batch_job_execution (job_execution_id)
);

CREATE SEQUENCE ${schema}.batch_step_execution_seq MAXVALUE 9223372036854775807 NO CYCLE;

CREATE SEQUENCE ${schema}.batch_job_execution_seq MAXVALUE 9223372036854775807 NO CYCLE;

CREATE SEQUENCE ${schema}.batch_job_instance_seq MAXVALUE 9223372036854775807 NO CYCLE;

CREATE INDEX batch_job_instance_name_idx ON ${schema}.batch_job_instance (job_name, job_instance_id);

CREATE INDEX batch_job_execution_instance_idx ON ${schema}.batch_job_execution (job_instance_id);

CREATE INDEX batch_job_execution_open_idx ON ${schema}.batch_job_execution (status) WHERE end_time IS NULL;

CREATE INDEX batch_job_execution_params_execution_idx ON ${schema}.batch_job_execution_params (job_execution_id);

CREATE INDEX batch_step_execution_job_idx ON ${schema}.batch_step_execution (job_execution_id);

ALTER TABLE ${schema}.batch_step_execution SET (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 100
);

ALTER TABLE ${schema}.batch_step_execution_context SET (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 100
);

COMMENT ON TABLE ${schema}.batch_job_instance IS 'Spring Batch: one per run.';

COMMENT ON TABLE ${schema}.batch_job_execution IS 'Spring Batch: one per attempt.';

COMMENT ON TABLE ${schema}.batch_job_execution_params IS 'Spring Batch: what identifies an instance.';

COMMENT ON TABLE ${schema}.batch_step_execution IS 'Spring Batch: one per step and attempt. Its counts are of pages; the ledger has the rows.';

COMMENT ON TABLE ${schema}.batch_step_execution_context IS 'Spring Batch: carries no position; that is the ledger.';

COMMENT ON TABLE ${schema}.batch_job_execution_context IS 'Spring Batch: carries no position; that is the ledger.';
