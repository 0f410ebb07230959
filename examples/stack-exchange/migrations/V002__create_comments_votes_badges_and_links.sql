CREATE TABLE comments (
  id integer NOT NULL,
  post_id integer,
  score integer,
  text text,
  creation_date timestamptz,
  user_display_name text,
  user_id integer,
  CONSTRAINT comments_key PRIMARY KEY (id),
  CONSTRAINT comments_post FOREIGN KEY (post_id) REFERENCES posts ON DELETE CASCADE,
  CONSTRAINT comments_user FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL
);

COMMENT ON TABLE comments IS 'Remarks on posts. Who has left the site is a name without a user.';
COMMENT ON CONSTRAINT comments_key ON comments IS 'no two comments have the same id';
COMMENT ON CONSTRAINT comments_post ON comments IS 'the post of a comment exists';
COMMENT ON CONSTRAINT comments_user ON comments IS 'the author of a comment is a user';

CREATE INDEX comments_post_id ON comments (post_id);
CREATE INDEX comments_user_id ON comments (user_id);
CREATE INDEX comments_creation_date ON comments (creation_date);

-- A vote outlives its post, as it does on the site: the post is forgotten, the vote stays until it is purged.
CREATE TABLE votes (
  id integer NOT NULL,
  post_id integer,
  vote_type_id integer,
  user_id integer,
  creation_date timestamptz,
  bounty_amount integer,
  CONSTRAINT votes_key PRIMARY KEY (id),
  CONSTRAINT votes_post FOREIGN KEY (post_id) REFERENCES posts ON DELETE SET NULL,
  CONSTRAINT votes_user FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL
);

COMMENT ON TABLE votes IS 'Votes on posts; without a post once that was deleted.';
COMMENT ON CONSTRAINT votes_key ON votes IS 'no two votes have the same id';
COMMENT ON CONSTRAINT votes_post ON votes IS 'the post of a vote exists';
COMMENT ON CONSTRAINT votes_user ON votes IS 'the voter is a user';

CREATE INDEX votes_post_id ON votes (post_id);
CREATE INDEX votes_user_id ON votes (user_id);
CREATE INDEX votes_creation_date ON votes (creation_date);
CREATE INDEX votes_orphaned ON votes (id) WHERE post_id IS NULL;
COMMENT ON INDEX votes_orphaned IS 'For votes.orphaned.';

CREATE TABLE badges (
  id integer NOT NULL,
  user_id integer,
  name text,
  date timestamptz,
  class integer,
  tag_based boolean,
  CONSTRAINT badges_key PRIMARY KEY (id),
  CONSTRAINT badges_user FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE
);

COMMENT ON TABLE badges IS 'What users were honoured for: gold (class 1), silver (2), bronze (3).';
COMMENT ON CONSTRAINT badges_key ON badges IS 'no two badges have the same id';
COMMENT ON CONSTRAINT badges_user ON badges IS 'the owner of a badge is a user';

CREATE INDEX badges_user_id ON badges (user_id);

CREATE TABLE postlinks (
  id integer NOT NULL,
  creation_date timestamptz,
  post_id integer,
  related_post_id integer,
  link_type_id integer,
  CONSTRAINT postlinks_key PRIMARY KEY (id),
  CONSTRAINT postlinks_post FOREIGN KEY (post_id) REFERENCES posts ON DELETE CASCADE,
  CONSTRAINT postlinks_related_post FOREIGN KEY (related_post_id) REFERENCES posts ON DELETE CASCADE
);

COMMENT ON TABLE postlinks IS 'Which post mentions (type 1) or repeats (3) which other one.';
COMMENT ON CONSTRAINT postlinks_key ON postlinks IS 'no two links have the same id';
COMMENT ON CONSTRAINT postlinks_post ON postlinks IS 'the post that a link comes from exists';
COMMENT ON CONSTRAINT postlinks_related_post ON postlinks IS 'the post that a link leads to exists';

CREATE INDEX postlinks_post_id ON postlinks (post_id);
CREATE INDEX postlinks_related_post_id ON postlinks (related_post_id);
