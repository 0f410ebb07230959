-- The attributes of the official data dump as columns. Only keys are NOT NULL: which attributes a dump has changed
-- over the years. Times in a dump have no zone and are UTC.

CREATE TABLE users (
  id integer NOT NULL,
  reputation integer,
  creation_date timestamptz,
  display_name text,
  last_access_date timestamptz,
  website_url text,
  location text,
  about_me text,
  views integer,
  up_votes integer,
  down_votes integer,
  profile_image_url text,
  account_id integer,
  CONSTRAINT users_key PRIMARY KEY (id)
);

COMMENT ON TABLE users IS 'Members of the site; -1 is the community user.';
COMMENT ON CONSTRAINT users_key ON users IS 'no two users have the same id';

CREATE INDEX users_creation_date ON users (creation_date);

CREATE TABLE posts (
  id integer NOT NULL,
  post_type_id integer,
  parent_id integer,
  accepted_answer_id integer,
  creation_date timestamptz,
  score integer,
  view_count integer,
  body text,
  owner_user_id integer,
  owner_display_name text,
  last_editor_user_id integer,
  last_edit_date timestamptz,
  last_activity_date timestamptz,
  title text,
  tags text,
  answer_count integer,
  comment_count integer,
  favorite_count integer,
  closed_date timestamptz,
  community_owned_date timestamptz,
  CONSTRAINT posts_key PRIMARY KEY (id),
  CONSTRAINT posts_parent FOREIGN KEY (parent_id) REFERENCES posts ON DELETE SET NULL,
  CONSTRAINT posts_accepted_answer FOREIGN KEY (accepted_answer_id) REFERENCES posts ON DELETE SET NULL,
  CONSTRAINT posts_owner FOREIGN KEY (owner_user_id) REFERENCES users ON DELETE SET NULL,
  CONSTRAINT posts_last_editor FOREIGN KEY (last_editor_user_id) REFERENCES users ON DELETE SET NULL
);

COMMENT ON TABLE posts IS 'Questions (type 1), answers (2), and what describes a tag (4, 5).';
COMMENT ON CONSTRAINT posts_key ON posts IS 'no two posts have the same id';
COMMENT ON CONSTRAINT posts_parent ON posts IS 'the question of an answer is a post';
COMMENT ON CONSTRAINT posts_accepted_answer ON posts IS 'the accepted answer of a question is a post';
COMMENT ON CONSTRAINT posts_owner ON posts IS 'the owner of a post is a user';
COMMENT ON CONSTRAINT posts_last_editor ON posts IS 'the last editor of a post is a user';

CREATE INDEX posts_parent_id ON posts (parent_id);
CREATE INDEX posts_accepted_answer_id ON posts (accepted_answer_id);
CREATE INDEX posts_owner_user_id ON posts (owner_user_id);
CREATE INDEX posts_last_editor_user_id ON posts (last_editor_user_id);
CREATE INDEX posts_creation_date ON posts (creation_date);

CREATE TABLE tags (
  id integer NOT NULL,
  tag_name text NOT NULL,
  count integer,
  excerpt_post_id integer,
  wiki_post_id integer,
  CONSTRAINT tags_key PRIMARY KEY (id),
  CONSTRAINT tags_tag_name_unique UNIQUE (tag_name),
  CONSTRAINT tags_excerpt_post FOREIGN KEY (excerpt_post_id) REFERENCES posts ON DELETE SET NULL,
  CONSTRAINT tags_wiki_post FOREIGN KEY (wiki_post_id) REFERENCES posts ON DELETE SET NULL
);

COMMENT ON TABLE tags IS 'Tags, and the posts that describe them.';
COMMENT ON CONSTRAINT tags_key ON tags IS 'no two tags have the same id';
COMMENT ON CONSTRAINT tags_tag_name_unique ON tags IS 'no two tags have the same name';
COMMENT ON CONSTRAINT tags_excerpt_post ON tags IS 'the excerpt of a tag is a post';
COMMENT ON CONSTRAINT tags_wiki_post ON tags IS 'the description of a tag is a post';

CREATE INDEX tags_excerpt_post_id ON tags (excerpt_post_id);
CREATE INDEX tags_wiki_post_id ON tags (wiki_post_id);

CREATE TABLE post_tags (
  post_id integer NOT NULL,
  tag_name text NOT NULL,
  CONSTRAINT post_tags_key PRIMARY KEY (post_id, tag_name),
  CONSTRAINT post_tags_post FOREIGN KEY (post_id) REFERENCES posts ON DELETE CASCADE,
  CONSTRAINT post_tags_tag FOREIGN KEY (tag_name) REFERENCES tags (tag_name) ON UPDATE CASCADE ON DELETE CASCADE
);

COMMENT ON TABLE post_tags IS 'Which question has which tag.';
COMMENT ON CONSTRAINT post_tags_key ON post_tags IS 'a post has a tag once';
COMMENT ON CONSTRAINT post_tags_post ON post_tags IS 'the post of a tag exists';
COMMENT ON CONSTRAINT post_tags_tag ON post_tags IS 'the tag of a post exists';

CREATE INDEX post_tags_tag_name ON post_tags (tag_name);
