"""News from the tree: a branch ends only without members; its guests go home."""

from __future__ import annotations

from datetime import date
from typing import Any

from branches.models import Organization
from branches.signals import changed
from members import actions


def on_tree_changed(sender: Any, *, verb: str, organization: Organization, on: date, **news: Any) -> None:
    """An organisation is about to be dissolved."""
    if verb == "dissolve":
        actions.close_branch(organization, on)


def connect() -> None:
    """Listen to the tree."""
    changed.connect(on_tree_changed, dispatch_uid="members.tree")
