"""Where somebody is due whose relation stays in one branch while he takes part in another (MT-14)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """Whether the person is due at the gathering, and counts among those who may vote there."""

    due: bool
    votes: bool


def at_home(*, assembly: bool) -> Part:
    """MT-14: organisational life is lived at the host; XA-08: at the 党员大会 of the own branch he still counts.

    Being on a task, posted or in training is no reason to leave somebody out of those due there, and the vote
    follows the relation; who is away for half a year may be left out by XA-05, which is recorded by itself.
    """
    return Part(due=assembly, votes=assembly)


def at_host(*, assembly: bool, temporary: bool) -> Part:
    """MT-14: due at the host without a vote, and not at its 党员大会: he is due at that of his own branch.

    BR-08: a temporary branch consists of members whose relation stays elsewhere; they are due at everything and
    vote on what is its own. It does not elect, admit or punish (BR-10), so that no such right is held twice.
    """
    if temporary:
        return Part(due=True, votes=True)
    return Part(due=not assembly, votes=False)
