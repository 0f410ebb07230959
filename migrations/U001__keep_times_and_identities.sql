DROP FUNCTION advance_identity();
DROP FUNCTION keep_times();
