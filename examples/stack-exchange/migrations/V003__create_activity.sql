CREATE TABLE activity (
  month date NOT NULL,
  users bigint NOT NULL,
  posts bigint NOT NULL,
  comments bigint NOT NULL,
  votes bigint NOT NULL,
  CONSTRAINT activity_key PRIMARY KEY (month)
);

COMMENT ON TABLE activity IS 'What came in by month; report-activity rebuilds it.';
COMMENT ON CONSTRAINT activity_key ON activity IS 'a month has one row';
