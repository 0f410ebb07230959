DROP TABLE task_parents;
