"""Reads about organisations and posts: who the viewer is, committees, the tree, values in force."""

from branches.queries.past import children_on, line_on, tops_on
from branches.queries.posts import committee_on, holds, holds_above, posts_of, secretary_on
from branches.queries.tree import (
    MOST_CHILDREN,
    MOST_FOUND,
    Moving,
    children_of,
    found_by,
    line_to,
    moving,
    opened,
    tops,
)
from branches.queries.values import (
    book,
    local_values,
    parameter,
    parameter_of_each,
    parameters_on,
    with_value,
)
from branches.queries.viewers import (
    POST_KEY,
    Viewer,
    actor_for,
    actor_of,
    asks_second_factor,
    label,
    viewer,
    viewer_of,
)

__all__ = [
    "MOST_CHILDREN",
    "MOST_FOUND",
    "POST_KEY",
    "Moving",
    "Viewer",
    "actor_for",
    "actor_of",
    "asks_second_factor",
    "book",
    "children_of",
    "children_on",
    "committee_on",
    "found_by",
    "holds",
    "holds_above",
    "label",
    "line_on",
    "line_to",
    "local_values",
    "moving",
    "opened",
    "parameter",
    "parameter_of_each",
    "parameters_on",
    "posts_of",
    "secretary_on",
    "tops",
    "tops_on",
    "viewer",
    "viewer_of",
    "with_value",
]
