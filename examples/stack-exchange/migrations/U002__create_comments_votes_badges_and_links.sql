DROP TABLE postlinks;
DROP TABLE badges;
DROP TABLE votes;
DROP TABLE comments;
