"""The only writers of this room: the tree, and terms, posts and local values."""

from branches.actions.posts import appoint, end_appointment, set_local_value, start_term
from branches.actions.tree import dissolve, found, move, rename

__all__ = [
    "appoint",
    "dissolve",
    "end_appointment",
    "found",
    "move",
    "rename",
    "set_local_value",
    "start_term",
]
