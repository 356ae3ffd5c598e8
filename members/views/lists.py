"""The register as a list: filter, sort, columns, workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse

from core.views import ScopedListView
from members import exports, permissions, queries
from members.filters import MemberFilter
from members.models import Member

if TYPE_CHECKING:
    from core.decisions import Decision


class MemberList(ScopedListView[Member]):
    """Members in sight; those off the register with ``?active=false``."""

    model = Member
    template_name = "members/list.html"
    filterset_class = MemberFilter
    sorts = {
        "name": ("person__pinyin",),
        "organization": ("organization__path", "person__pinyin"),
        "stage": ("stage",),
        "category": ("category",),
        "rank": ("rank",),
        "born": ("person__born_on",),
        "joined": ("joined_on",),
        "full": ("full_on",),
    }
    ordering = ("organization__path", "person__pinyin")
    default_columns = exports.DEFAULT
    export_name = "党员花名册"

    def prepare(self) -> None:
        """Which columns this reader may show and take away."""
        keeps = permissions.keeps_register(self.request.viewer)
        hidden = () if keeps else exports.PERSONAL
        self.allowed = {k: c for k, c in exports.COLUMNS.items() if k not in hidden}
        self.export_columns = [self.allowed[key] for key in self.allowed]

    def decide_export(self) -> Decision:
        """Whoever holds a post."""
        return permissions.can_export(self.request.actor)

    def get_queryset(self) -> QuerySet[Member]:
        """With all that a line shows; active ones unless asked otherwise."""
        rows = queries.for_list(super().get_queryset())
        return rows if "active" in self.request.GET else rows.filter(active=True)

    def get_shown(self) -> list[str]:
        """Keys of the columns after the fixed ones."""
        asked = set(self.request.GET.getlist("cols") or self.default_columns)
        return [key for key in self.allowed if key in asked and key not in exports.FIXED]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``lines``: each member with its optional cells."""
        context = super().get_context_data(**kwargs)
        shown = context["shown"]
        context["optional_columns"] = {
            key: column.title for key, column in self.allowed.items() if key not in exports.FIXED
        }
        context["heads"] = [(key, self.allowed[key].title, key in self.sorts) for key in shown]
        context["lines"] = [
            (member, [(self.allowed[key].title, self.allowed[key].value(member)) for key in shown])
            for member in context["rows"]
        ]
        off = self.request.GET.get("active") == "false"
        context["states"] = [
            {"label": "在册", "url": "?", "current": not off, "count": None},
            {"label": "已停止在册", "url": "?active=false", "current": off, "count": None},
        ]
        elsewhere = {"label": "临时参加组织生活", "url": reverse("members:stays"), "current": False}
        context["states"].append(elsewhere | {"count": None})
        context["can_register"] = context["can_import"] = self._may_register()
        return context

    def _may_register(self) -> Decision:
        """Whether the post acted for keeps a register."""
        organization = self.request.viewer.organization
        return permissions.can_register_at(self.request.actor, organization)
