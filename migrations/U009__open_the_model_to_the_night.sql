DROP INDEX records_login;
DROP INDEX audit_log_changed_at;
CREATE INDEX audit_log_changed_at ON audit_log (changed_at);
DROP INDEX tasks_soft_deleted;
DROP INDEX projects_soft_deleted;
DROP INDEX comments_soft_deleted;
DROP INDEX posts_soft_deleted;
DROP INDEX tasks_pending;
DROP INDEX users_without_phone;
DROP INDEX users_erased;
COMMENT ON INDEX users_active IS 'For users.active.';
DROP INDEX users_inactive;

DROP INDEX records_without_checksum;
DROP TRIGGER records_checksum ON records;
DROP FUNCTION forget_checksum();
ALTER TABLE records DROP COLUMN checksum;

-- PostgreSQL cannot make a column generated: it is made anew, with its index.
DROP INDEX posts_without_search;
ALTER TABLE posts DROP COLUMN search;
ALTER TABLE posts ADD COLUMN search tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', left(content, 100000)), 'B')
) STORED;
COMMENT ON COLUMN posts.search IS 'Full-text vector of title and content.';
CREATE INDEX posts_search ON posts USING gin (search);

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
  NEW.search := OLD.search;
  IF NEW *= OLD THEN
    RETURN NULL;
  END IF;
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

COMMENT ON FUNCTION keep_post_times() IS 'keep_times() for posts, whose full-text vector is generated.';

DROP TABLE user_phones;
COMMENT ON COLUMN users.deleted_at IS 'When the user was deleted; purge-deleted-users removes the row later.';
COMMENT ON COLUMN users.username IS NULL;
COMMENT ON COLUMN users.email IS NULL;
COMMENT ON COLUMN users.full_name IS NULL;
COMMENT ON COLUMN users.phone IS NULL;
COMMENT ON COLUMN users.age IS NULL;
COMMENT ON COLUMN users.tags IS NULL;
ALTER TABLE users DROP COLUMN erased_at;
DROP TYPE task_line;
DROP TYPE product_line;
ALTER TABLE products DROP COLUMN sku;
ALTER TABLE tasks DROP COLUMN reference;
DROP FUNCTION refuse(text);
