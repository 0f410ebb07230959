DROP TABLE task_flow;
