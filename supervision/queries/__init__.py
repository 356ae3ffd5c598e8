"""Reads about duties; read-only."""

from supervision.queries.holders import (
    HolderRow,
    Keys,
    closing_meetings,
    duties_closed_by,
    holders,
    period_of,
    portions,
)
from supervision.queries.matrix import (
    MatrixRow,
    added,
    behind,
    behind_in,
    lag_of,
    matrix,
    year_strip,
)
from supervision.queries.todo import Todo, TodoList, todo_list

__all__ = [
    "HolderRow",
    "Keys",
    "MatrixRow",
    "Todo",
    "TodoList",
    "added",
    "behind",
    "behind_in",
    "closing_meetings",
    "duties_closed_by",
    "holders",
    "lag_of",
    "matrix",
    "period_of",
    "portions",
    "todo_list",
    "year_strip",
]
