-- What every table relies on: times that keep themselves, and identities that move past given keys.

-- A given created_at stays. An update that changes nothing writes nothing, so updated_at moves only with the row;
-- the comparison is of bytes, so that 1.0 and 1.00 differ.
CREATE FUNCTION keep_times() RETURNS trigger
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
  NEW.updated_at := now();
  RETURN NEW;
END
$$;

COMMENT ON FUNCTION keep_times() IS 'Keeps created_at and updated_at; drops updates that change nothing.';

-- Rows that bring their own id leave the sequence behind; without this the next generated id would be taken.
-- As the owner, because a role that may insert may not set the sequence.
CREATE FUNCTION advance_identity() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  identity regclass := pg_get_serial_sequence(format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME), 'id');
  highest bigint;
BEGIN
  SELECT max(id) INTO highest FROM inserted;
  IF highest > coalesce(pg_sequence_last_value(identity), 0) THEN
    PERFORM setval(identity, highest);
  END IF;
  RETURN NULL;
END
$$;

COMMENT ON FUNCTION advance_identity() IS 'Moves the sequence of the table''s id past the highest inserted one.';
