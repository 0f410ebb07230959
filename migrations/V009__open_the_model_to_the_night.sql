-- What the jobs of the night need: keys that files know rows by, columns that came later, indexes, and shapes of lines.

-- A statement that looks something up says so when it is not there: the row that asked becomes a reject with this reason.
CREATE FUNCTION refuse(reason text) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = reason;
END
$$;

COMMENT ON FUNCTION refuse(text) IS 'Fails with this reason; a row for which it is called becomes a reject.';

-- Natural keys. They came later, so older rows have none.
ALTER TABLE tasks ADD COLUMN reference text;
ALTER TABLE tasks ADD CONSTRAINT tasks_reference_unique UNIQUE (reference);
ALTER TABLE tasks ADD CONSTRAINT tasks_reference_length CHECK (length(reference) BETWEEN 1 AND 50);
COMMENT ON COLUMN tasks.reference IS 'What people and files call the task; load-tasks finds it by this.';
COMMENT ON CONSTRAINT tasks_reference_unique ON tasks IS 'no two tasks have the same reference';
COMMENT ON CONSTRAINT tasks_reference_length ON tasks IS 'a reference has 1 to 50 characters';

ALTER TABLE products ADD COLUMN sku text;
ALTER TABLE products ADD CONSTRAINT products_sku_unique UNIQUE (sku);
ALTER TABLE products ADD CONSTRAINT products_sku_length CHECK (length(sku) BETWEEN 1 AND 50);
COMMENT ON COLUMN products.sku IS 'The number in the catalogue; load-products finds a product by it.';
COMMENT ON CONSTRAINT products_sku_unique ON products IS 'no two products have the same sku';
COMMENT ON CONSTRAINT products_sku_length ON products IS 'a sku has 1 to 50 characters';

-- A line of a file, where its fields are not the columns of one table: the type says how it looks.
CREATE TYPE product_line AS (
  sku text,
  kind text,
  name text,
  description text,
  price numeric,
  quantity integer,
  download_url text,
  file_bytes bigint,
  weight_grams integer,
  shelf text
);
COMMENT ON TYPE product_line IS 'A line of a file for load-products: a product and its digital or physical part.';

CREATE TYPE task_line AS (
  reference text,
  project_id bigint,
  title text,
  description text,
  status text,
  priority text,
  deadline timestamptz,
  assignee text,
  parent text,
  tags text[]
);
COMMENT ON TYPE task_line IS 'A line of a file for load-tasks: assignee, parent and tags by the names people know.';

-- Erasure.
ALTER TABLE users ADD COLUMN erased_at timestamptz;
COMMENT ON COLUMN users.erased_at IS 'When anonymise-users took everything personal from the row.';
COMMENT ON COLUMN users.deleted_at IS 'When the user was deleted; purge-soft-deleted removes the row later.';
COMMENT ON COLUMN users.username IS 'Personal: anonymise-users replaces it.';
COMMENT ON COLUMN users.email IS 'Personal: anonymise-users replaces it.';
COMMENT ON COLUMN users.full_name IS 'Personal: anonymise-users empties it.';
COMMENT ON COLUMN users.phone IS 'Personal: anonymise-users empties it. Added later; backfill-user-phone fills it.';
COMMENT ON COLUMN users.age IS 'Personal: anonymise-users empties it.';
COMMENT ON COLUMN users.tags IS 'Personal: anonymise-users empties it.';

-- The phone numbers that backfill-user-phone has read and not yet written.
CREATE TABLE user_phones (
  username text NOT NULL,
  phone text NOT NULL,
  CONSTRAINT user_phones_key PRIMARY KEY (username),
  CONSTRAINT user_phones_phone_length CHECK (length(phone) BETWEEN 1 AND 30),
  CONSTRAINT user_phones_user FOREIGN KEY (username) REFERENCES users (username) ON DELETE CASCADE ON UPDATE CASCADE
);
COMMENT ON TABLE user_phones IS 'Phone numbers on their way to users; empty between two runs of backfill-user-phone.';
COMMENT ON CONSTRAINT user_phones_key ON user_phones IS 'a user has one number';
COMMENT ON CONSTRAINT user_phones_phone_length ON user_phones IS 'a phone number has 1 to 30 characters';
COMMENT ON CONSTRAINT user_phones_user ON user_phones IS 'a phone number is that of a user';

-- A generated column is computed while a statement waits. The vector is now an ordinary column: it is empty for a new
-- or changed post until backfill-post-search fills it.
ALTER TABLE posts ALTER COLUMN search DROP EXPRESSION;
COMMENT ON COLUMN posts.search IS 'Full-text vector of title and content; backfill-post-search fills it.';

CREATE OR REPLACE FUNCTION keep_post_times() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.created_at := coalesce(NEW.created_at, now());
    NEW.updated_at := coalesce(NEW.updated_at, NEW.created_at);
    RETURN NEW;
  END IF;
  NEW.created_at := coalesce(NEW.created_at, OLD.created_at);
  NEW.updated_at := OLD.updated_at;
  IF NEW *= OLD THEN
    RETURN NULL;
  END IF;
  -- What the night has derived from a text goes with the text, unless the statement brings it anew.
  IF NEW.content IS DISTINCT FROM OLD.content AND NEW.word_count IS NOT DISTINCT FROM OLD.word_count THEN
    NEW.word_count := NULL;
  END IF;
  IF (NEW.title, NEW.content) IS DISTINCT FROM (OLD.title, OLD.content)
      AND NEW.search IS NOT DISTINCT FROM OLD.search THEN
    NEW.search := NULL;
  END IF;
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

COMMENT ON FUNCTION keep_post_times() IS 'keep_times() for posts; forgets what was derived from a text that changes.';

CREATE INDEX posts_without_search ON posts (id) WHERE search IS NULL;
COMMENT ON INDEX posts_without_search IS 'For posts.withoutSearch.';

ALTER TABLE records ADD COLUMN checksum text;
COMMENT ON COLUMN records.checksum IS 'SHA-256 of the data in hexadecimal; backfill-record-checksum fills it.';

CREATE FUNCTION forget_checksum() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NEW.data IS DISTINCT FROM OLD.data AND NEW.checksum IS NOT DISTINCT FROM OLD.checksum THEN
    NEW.checksum := NULL;
  END IF;
  RETURN NEW;
END
$$;

COMMENT ON FUNCTION forget_checksum() IS 'The checksum of data that change is none of theirs any more.';

CREATE TRIGGER records_checksum BEFORE UPDATE ON records
FOR EACH ROW EXECUTE FUNCTION forget_checksum();

CREATE INDEX records_without_checksum ON records (id) WHERE checksum IS NULL;
COMMENT ON INDEX records_without_checksum IS 'For records.withoutChecksum.';

-- Indexes behind keys: each holds the rows that a job looks for, in the order of its pages.
CREATE INDEX users_inactive ON users (id) WHERE NOT is_active AND deleted_at IS NULL;
COMMENT ON INDEX users_inactive IS 'For users.inactive.';
COMMENT ON INDEX users_active IS 'For users.exportable and users.toDeactivate.';
CREATE INDEX users_erased ON users (id) WHERE erased_at IS NOT NULL;
COMMENT ON INDEX users_erased IS 'For audit_log.ofErasedUsers.';
CREATE INDEX users_without_phone ON users (id) WHERE phone IS NULL;
COMMENT ON INDEX users_without_phone IS 'For users.withNewPhone.';
CREATE INDEX tasks_pending ON tasks (id) WHERE status = 'pending' AND deleted_at IS NULL;
COMMENT ON INDEX tasks_pending IS 'For tasks.pending.';
CREATE INDEX posts_soft_deleted ON posts (id) INCLUDE (deleted_at) WHERE deleted_at IS NOT NULL;
COMMENT ON INDEX posts_soft_deleted IS 'For posts.softDeletedBefore.';
CREATE INDEX comments_soft_deleted ON comments (id) INCLUDE (deleted_at) WHERE deleted_at IS NOT NULL;
COMMENT ON INDEX comments_soft_deleted IS 'For comments.softDeletedBefore.';
CREATE INDEX projects_soft_deleted ON projects (id) INCLUDE (deleted_at) WHERE deleted_at IS NOT NULL;
COMMENT ON INDEX projects_soft_deleted IS 'For projects.softDeletedBefore.';
CREATE INDEX tasks_soft_deleted ON tasks (id) INCLUDE (deleted_at) WHERE deleted_at IS NOT NULL;
COMMENT ON INDEX tasks_soft_deleted IS 'For tasks.softDeletedBefore.';

-- purge-audit-log pages by time and id: what it looks for is the beginning of this index and nothing else.
DROP INDEX audit_log_changed_at;
CREATE INDEX audit_log_changed_at ON audit_log (changed_at, id);
COMMENT ON INDEX audit_log_changed_at IS 'For audit_log.olderThan.';

CREATE INDEX records_login ON records ((data ->> 'login')) WHERE kind = 'sign-up';
COMMENT ON INDEX records_login IS 'For records.signUpsOf and records.deleteSignUpsOfUsers.';
