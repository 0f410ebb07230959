ALTER TABLE ${schema}.piece ADD COLUMN dealing text[];

COMMENT ON COLUMN ${schema}.piece.dealing IS 'How the records of a load go to its pieces, the same in all of them: one, unit and its bytes, or key and kind and name of each column of the merge key. NULL in steps that are no load.';
