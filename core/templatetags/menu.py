"""The left menu: entries without a page are left out, the current one is marked.

Used in one template: {% menu_group '…' %} {% menu_item 'meetings:list' '…' %} … {% menu %}
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import template
from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from django.template.context import RequestContext

register = template.Library()

KEY = "portal_menu"


@dataclass
class Entry:
    """One line of the menu; ``count`` is shown when it is not zero."""

    label: str
    url: str
    count: int = 0
    current: bool = False


@dataclass
class Group:
    """A heading with its entries."""

    label: str
    entries: list[Entry] = field(default_factory=list)


def _groups(context: RequestContext) -> list[Group]:
    """The groups collected so far in this template."""
    collected: Any = context.render_context
    groups: list[Group] = collected.setdefault(KEY, [])
    return groups


@register.simple_tag(takes_context=True)
def menu_group(context: RequestContext, label: str) -> str:
    """Start a group of entries; a group that stays empty is not shown."""
    _groups(context).append(Group(label))
    return ""


@register.simple_tag(takes_context=True)
def menu_item(
    context: RequestContext, name: str, label: str, *args: Any, count: int = 0, query: str = ""
) -> str:
    """Add an entry to the current group; nothing where no URL has that name, so none is dead."""
    try:
        url = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    _groups(context)[-1].entries.append(Entry(label, f"{url}?{query}" if query else url, count))
    return ""


@register.inclusion_tag("parts/menu_list.html", takes_context=True)
def menu(context: RequestContext) -> dict[str, Any]:
    """Draw the menu; the entry with the longest address leading to this page is current."""
    groups = [group for group in _groups(context) if group.entries]
    here = context["request"].path
    entries = [entry for group in groups for entry in group.entries]
    leading = [entry for entry in entries if leads(entry.url, here)]
    if leading:
        max(leading, key=lambda entry: len(entry.url)).current = True
    return {"groups": groups}


def leads(url: str, here: str) -> bool:
    """Whether the page ``here`` lies under ``url``; home leads only to itself."""
    return here == url or (url != "/" and here.startswith(url))
