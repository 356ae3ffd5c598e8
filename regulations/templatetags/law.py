"""Chips of a clause, symbol and word: how it binds, how sure it is, whether it is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString

from core import clock
from core.templatetags.portal import status
from regulations.choices import Confidence, Force, Severity

if TYPE_CHECKING:
    from regulations.models import Clause

register = template.Library()

BINDS = {
    Severity.HARD: "info",
    Severity.SOFT: "todo",
    Severity.LOCAL: "todo",
    Severity.ADVICE: "na",
}
STANDS = {Force.NOW: "ok", Force.PAST: "na", Force.TO_COME: "todo"}


@register.simple_tag
def severity(clause: Clause) -> SafeString:
    """应当, 一般, 地方规定 or 建议."""
    return status(BINDS[Severity(clause.severity)], Severity(clause.severity).label)


@register.simple_tag
def confidence(clause: Clause) -> SafeString:
    """读原文 or 据引用; everything unsure reads 待核实."""
    word = Confidence(clause.confidence)
    if word == Confidence.CONFLICT:
        return status("warn", f"待核实（{word.label}）")
    if clause.is_unsure:
        return status("warn", "待核实")
    return status("plain" if word == Confidence.SOURCE else "todo", word.label)


@register.simple_tag
def force(clause: Clause) -> SafeString:
    """现行, 已失效 or 尚未施行, as of today."""
    word = clause.force_on(clock.today())
    return status(STANDS[word], word.label)
