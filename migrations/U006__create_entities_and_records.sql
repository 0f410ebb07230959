DROP TABLE records;
DROP TABLE entities;
