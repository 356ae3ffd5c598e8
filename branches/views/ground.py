"""What the pages about one organisation share: its frame, and the tabs that the user may open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from branches.choices import Kind
from branches.models import Organization
from branches.permissions import can_edit, can_found, can_move
from core import clock
from core.views import ScopedMixin

if TYPE_CHECKING:
    from core.actor import Actor


class OfOrganization(ScopedMixin[Organization]):
    """Pages about ``self.object``, with the tabs of its particulars."""

    model = Organization
    object: Organization
    tab = ""
    template_name: str | None = "branches/form.html"
    title = ""
    verb = "保存"

    def get_queryset(self) -> Any:
        """With the superior, whom permissions and headings ask for."""
        return super().get_queryset().select_related("parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The frame and the words of the page."""
        framed = frame(self.request.actor, self.object, self.tab) | {"title": self.title, "verb": self.verb}
        return super().get_context_data(**framed | kwargs)  # type: ignore[misc,no-any-return]  # mixed into a view with a context


def frame(by: Actor, organization: Organization, tab: str) -> dict[str, Any]:
    """``organization``, ``gone``, ``tabs`` and ``back_url`` for a page about ``organization``."""
    gone = organization.dissolved_on is not None and organization.dissolved_on <= clock.today()
    pages = [
        {"label": label, "url": reverse(name, args=[organization.pk]), "current": name == tab}
        for name, label, shown in _pages(by, organization, gone)
        if shown or name == tab
    ]
    back = organization.get_absolute_url()
    return {"organization": organization, "gone": gone, "tabs": pages, "back_url": back}


def _pages(by: Actor, organization: Organization, gone: bool) -> list[tuple[str, str, bool]]:
    """Name, label and whether the tab is shown: what may be read, then what may be done."""
    may_edit = bool(can_edit(by, organization))
    below = found_below(organization)
    return [
        ("branches:edit", "组织信息", may_edit),
        ("branches:posts", "届次与任职", True),
        ("branches:values", "本级规定", True),
        (
            "branches:found",
            "设立下级组织",
            bool(below) and not gone and bool(can_found(by, organization, below[0])),
        ),
        ("branches:move", "调整隶属关系", not gone and bool(can_move(by, organization))),
        ("branches:dissolve", "撤销组织", may_edit and not gone and organization.parent_id is not None),
    ]


def found_below(organization: Organization) -> tuple[Kind, ...]:
    """The kinds that may stand under ``organization``; the usual one first."""
    match organization.kind:
        case Kind.GROUP:
            return ()
        case Kind.BRANCH:
            return (Kind.GROUP, Kind.YOUTH)
        case Kind.YOUTH:
            return (Kind.YOUTH,)
    return (Kind.BRANCH, Kind.GENERAL_BRANCH, Kind.COMMITTEE, Kind.YOUTH)
