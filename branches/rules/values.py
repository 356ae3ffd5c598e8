"""What a committee may set for its own subtree: a hard number only stricter, everything else with a reason."""

from __future__ import annotations

from dataclasses import replace

from regulations.choices import Comparator, Severity
from regulations.rules import Cited, Parameter

FLOORS = (Comparator.AT_LEAST, Comparator.MORE_THAN)
CEILINGS = (Comparator.AT_MOST, Comparator.LESS_THAN)
PERIODS = ("month", "quarter", "half", "year")
"""How often something is due, the most often first."""
THRESHOLDS = frozenset(
    {
        "BR-04.months",
        "CM-01.full_members",
        "CM-04.full_members",
        "DU-08.months",
        "DU-10.amount",
        "TR-01.months",
        "TR-06.months",
        "TR-07.months",
        "TR-10.months",
        "TR-16.months",
    }
)
"""Numbers at which a duty or a consequence begins: moved either way, somebody is freed or burdened."""


def refusal(clause: Cited, name: str, value: object) -> str:
    """Why ``value`` may not replace the parameter ``name`` of ``clause``; empty where it may.

    Only a hard clause (应当、必须) binds; it is quoted. Asking for more is always allowed.
    """
    common = clause.values[name]
    if clause.severity != Severity.HARD or keeps_to(common, value):
        return ""
    return f"{clause.citation}规定：“{clause.text}”这是应当遵守的要求，{bound(clause, name)}。"


def keeps_to(common: Parameter, value: object) -> bool:
    """Whether ``value`` asks at least as much as ``common``: a list or a threshold must stay as it is."""
    if value == common.value:
        return True
    if common.code in THRESHOLDS or common.comparator == Comparator.LIST:
        return False
    own = replace(common, value=value)
    if common.comparator in FLOORS:
        return own.number >= common.number
    if common.comparator in CEILINGS:
        return own.number <= common.number
    return value in PERIODS[: _place(common)]


def bound(clause: Cited, name: str) -> str:
    """How far a local value may go, in words."""
    common = clause.values[name]
    if clause.severity != Severity.HARD:
        return "本级可以另作规定，须写明依据"
    if common.code not in THRESHOLDS and common.comparator in FLOORS:
        return f"本级规定只能更严，不能低于 {common.value}"
    if common.code not in THRESHOLDS and common.comparator in CEILINGS:
        return f"本级规定只能更严，不能高于 {common.value}"
    return "本级规定只能缩短周期" if _place(common) > 0 else "本级不能另作规定"


def _place(common: Parameter) -> int:
    """The place of a period among PERIODS; 0 where nothing shorter is known."""
    return PERIODS.index(common.value) if common.value in PERIODS else 0
