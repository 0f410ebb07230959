CREATE TABLE task_flow (
  day date NOT NULL,
  opened bigint NOT NULL,
  closed bigint NOT NULL,
  CONSTRAINT task_flow_key PRIMARY KEY (day),
  CONSTRAINT task_flow_opened_range CHECK (opened >= 0),
  CONSTRAINT task_flow_closed_range CHECK (closed >= 0)
);

COMMENT ON TABLE task_flow IS 'How many tasks a day opened and closed; report-task-flow rebuilds it.';
COMMENT ON CONSTRAINT task_flow_key ON task_flow IS 'a day has one row';
COMMENT ON CONSTRAINT task_flow_opened_range ON task_flow IS 'a number of opened tasks is 0 or more';
COMMENT ON CONSTRAINT task_flow_closed_range ON task_flow IS 'a number of closed tasks is 0 or more';
