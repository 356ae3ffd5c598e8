"""Pages of the tree, of one organisation's particulars, of its terms, posts and values."""

from branches.views.edit import Dissolve, Edit, Found, Move
from branches.views.posts import End, Posts, StartTerm
from branches.views.tree import Children, Tree
from branches.views.values import SetValue, Values

__all__ = [
    "Children",
    "Dissolve",
    "Edit",
    "End",
    "Found",
    "Move",
    "Posts",
    "SetValue",
    "StartTerm",
    "Tree",
    "Values",
]
