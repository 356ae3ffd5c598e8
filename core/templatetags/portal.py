"""Tags of every page: icons, status, buttons that know whether they may be pressed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.views import once

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.http import QueryDict
    from django.template.context import RequestContext

    from core.decisions import Decision

register = template.Library()

STATES = {
    "ok": "已落实",
    "part": "部分",
    "warn": "临期",
    "bad": "逾期",
    "todo": "未到期",
    "na": "不适用",
    "info": "提示",
    "plain": "",
}
LEVELS = {"error": ("bad", "不符合"), "warning": ("warn", "注意"), "note": ("info", "提示")}
SYMBOLS = {"plain": "ok"}


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; ``label`` is read aloud, without it the icon is decoration."""
    if label:
        return format_html(
            '<svg class="ic" role="img" aria-label="{}"><use href="#i-{}"></use></svg>', label, name
        )
    return format_html('<svg class="ic" aria-hidden="true"><use href="#i-{}"></use></svg>', name)


@register.simple_tag
@lru_cache(maxsize=1024)
def status(state: str, word: str = "") -> SafeString:
    """A chip of symbol and word: ok part warn bad todo na info, plain (a quiet tick)."""
    symbol = SYMBOLS.get(state, state)
    return format_html(
        '<span class="st s-{}">{}{}</span>', state, icon(symbol), word or STATES.get(state, state)
    )


@register.simple_tag
@lru_cache(maxsize=1024)
def mark(state: str, word: str = "") -> SafeString:
    """A coloured symbol without a chip, the word for screen readers only (tables, strips)."""
    return format_html(
        '<span class="c-{}">{}<span class="visually-hidden">{}</span></span>',
        state,
        icon(SYMBOLS.get(state, state)),
        word or STATES.get(state, state),
    )


@register.simple_tag
def level(finding_level: str) -> SafeString:
    """The chip of a Finding's level: error, warning or note; anything else reads 符合."""
    state, word = LEVELS.get(str(finding_level), ("ok", "符合"))
    return status(state, word)


@register.simple_tag(takes_context=True)
def one_time(context: RequestContext) -> SafeString:
    """The two hidden fields of every POST form: security code and one-time token."""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="{}" value="{}">',
        get_token(context["request"]),
        once.FIELD,
        once.new_token(),
    )


@register.inclusion_tag("parts/action_button.html", takes_context=True)
def action_button(
    context: RequestContext,
    url: str,
    label: str,
    decision: Decision | None = None,
    *,
    look: str = "line",
    method: str = "get",
    icon_name: str = "",
    small: bool = False,
) -> dict[str, Any]:
    """A button that goes to ``url`` — or stays grey with the reason when ``decision`` denies.

    ``method``: get is a link (forms, confirmations), post acts at once with a token of its own.
    ``look``: primary, line, danger. Without a decision the button is always shown.
    """
    return {
        "request": context["request"],
        "url": url,
        "label": label,
        "reason": "" if decision is None or decision else decision.reason,
        "denied": decision is not None and not decision,
        "look": look,
        "method": method,
        "icon_name": icon_name,
        "small": small,
    }


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The address of ``name``, or an empty string where the page does not exist (yet)."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("parts/sort_header.html", takes_context=True)
def sort_header(context: RequestContext, word: str, label: str, css: str = "") -> dict[str, Any]:
    """A table heading that sorts by ``word`` of the view's ``sorts``; pressing again reverses."""
    asked = context["request"].GET.get("sort", "")
    order = {word: "ascending", f"-{word}": "descending"}.get(asked, "")
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{word}" if asked == word else word
    return {"label": label, "css": css, "order": order, "query": query.urlencode()}


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """``mapping[key]``, or an empty string."""
    return mapping.get(key, "")


@register.filter
def thousands(value: float | None) -> str:
    """12,345 — figures of four digits and more; empty for nothing."""
    return "" if value is None else f"{value:,}"


@register.filter
def values(query: QueryDict, name: str) -> list[str]:
    """All values of ``name`` in a query string."""
    return [str(value) for value in query.getlist(name)]


@register.filter
def page_window(number: int, pages: int) -> list[int]:
    """Page numbers to offer: first, last and two on each side; 0 stands for a gap."""
    near = [n for n in range(1, pages + 1) if n in {1, pages} or abs(n - number) <= 2]
    shown: list[int] = []
    for n in near:
        if shown and n > shown[-1] + 1:
            shown.append(0)
        shown.append(n)
    return shown


@register.filter
def control_id(field: BoundField) -> str:
    """The id an error links to: the control itself, or the first choice of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def filter_control(field: BoundField) -> SafeString:
    """The control of a filter in our look, tied to its message when there is one."""
    kind = getattr(field.field.widget, "input_type", "text")
    look = {"select": "form-select", "checkbox": "form-check-input", "radio": ""}.get(kind, "form-control")
    attrs: dict[str, str | bool] = {"class": look}
    if field.errors:
        attrs |= {"class": f"{look} is-invalid", "aria-describedby": f"{field.auto_id}_error"}
    return SafeString(field.as_widget(attrs=attrs))
