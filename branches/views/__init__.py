"""Pages of the tree, of one organisation's particulars, and of its terms and posts."""

from branches.views.edit import Dissolve, Edit, Found, Move
from branches.views.posts import EndPost, Posts, StartTerm
from branches.views.tree import Children, Tree

__all__ = [
    "Children",
    "Dissolve",
    "Edit",
    "EndPost",
    "Found",
    "Move",
    "Posts",
    "StartTerm",
    "Tree",
]
