DROP TABLE hero_team_links;
DROP TABLE heroes;
DROP TABLE teams;
DROP TABLE user_group_links;
DROP TABLE groups;
DROP TABLE users;
