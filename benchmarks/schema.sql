-- What every contestant works on; made anew for each run of the benchmarks.
CREATE TABLE post (
  id bigint PRIMARY KEY,
  author_id integer NOT NULL,
  title text NOT NULL,
  content text NOT NULL,
  published boolean NOT NULL,
  created_at timestamptz NOT NULL,
  word_count integer,
  deleted_at timestamptz
);

CREATE TABLE comment (
  id bigint PRIMARY KEY,
  post_id bigint NOT NULL REFERENCES post,
  content text NOT NULL
);

CREATE INDEX comment_post_id ON comment (post_id);

-- The rows as they are before a measurement, to be copied back.
CREATE TABLE post_before (LIKE post);
