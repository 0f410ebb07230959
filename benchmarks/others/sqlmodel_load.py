"""The same load as a Python program would do it: a CSV reader, SQLModel objects, add_all in transactions of 1,000."""
import csv
import os
import sys
from datetime import datetime
from itertools import islice

from sqlmodel import Field, Session, SQLModel, create_engine


class Post(SQLModel, table=True):
    id: int = Field(primary_key=True)
    author_id: int
    title: str
    content: str
    published: bool
    created_at: datetime


def post(row):
    return Post(
        id=int(row["id"]),
        author_id=int(row["author_id"]),
        title=row["title"],
        content=row["content"],
        published=row["published"] == "true",
        created_at=datetime.fromisoformat(row["created_at"]),
    )


engine = create_engine("postgresql+psycopg2://", executemany_mode="values_plus_batch")
with open(sys.argv[1], newline="") as file:
    rows = csv.DictReader(file)
    while chunk := [post(row) for row in islice(rows, 1_000)]:
        with Session(engine) as session:
            session.add_all(chunk)
            session.commit()
