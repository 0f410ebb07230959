DROP TABLE task_tags;
DROP TABLE tasks;
DROP FUNCTION keep_task_times();
DROP TABLE projects;
