"""The tree: one level at a time, opened by htmx or by a link, searched by name and pinyin."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404

from branches import queries
from branches.forms import TreeForm
from branches.models import Organization
from core import clock
from core.forms import word
from core.views import PageView, ScopedDetailView

if TYPE_CHECKING:
    from datetime import date


class Tree(PageView):
    """The organisations in sight; ``?open=`` opens the line to one, ``?q=`` searches, ``?on=`` looks back."""

    template_name = "branches/tree.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``found``, or ``tops`` with the opened line, of today or of the day ``on``."""
        form = TreeForm(self.request.GET)
        word(form)
        form.is_valid()
        text, day = form.cleaned_data.get("q", ""), past_day(form)
        shown: dict[str, Any] = {"form": form, "q": text, "on": day, "most": queries.MOST_CHILDREN}
        if text:
            shown["found"] = queries.found_by(self.request.user, text)
            shown["most_found"] = queries.MOST_FOUND
        else:
            target = self._target(form.cleaned_data.get("open"))
            shown |= {"target": target, "tops": self._past(day, target) if day else self._now(target)}
        return super().get_context_data(**shown, **kwargs)

    def _target(self, pk: int | None) -> Organization | None:
        """The organisation to open; 404 for one out of sight."""
        if pk is None:
            return None
        return get_object_or_404(Organization.objects.visible_to(self.request.user), pk=pk)

    def _now(self, target: Organization | None) -> list[Organization]:
        """The tree of today, opened down to ``target``; a single top is open anyway."""
        tops = queries.tops(self.request.user)
        if target is None and len(tops) == 1:
            target = tops[0]
        return queries.opened(tops, queries.line_to(target) if target else set())

    def _past(self, day: date, target: Organization | None) -> list[Organization]:
        """The tree of ``day``, opened down to ``target``; a single top is open anyway."""
        user = self.request.user
        tops = queries.tops_on(user, day)
        if target is None and len(tops) == 1:
            target = tops[0]
        line = queries.line_on(user, target, day) if target else set()
        return queries.opened(tops, line, partial(queries.children_on, user, day))


class Children(ScopedDetailView[Organization]):
    """The direct children of one node, as a part of the tree."""

    model = Organization
    template_name = "branches/parts/children.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``nodes`` of today or of the day ``on``."""
        form = TreeForm(self.request.GET)
        form.is_valid()
        day = past_day(form)
        if day:
            nodes = queries.children_on(self.request.user, day, self.object)
        else:
            nodes = queries.children_of(self.object)
        return super().get_context_data(
            nodes=nodes, on=day, target=None, most=queries.MOST_CHILDREN, **kwargs
        )


def past_day(form: TreeForm) -> date | None:
    """The earlier day asked for, or None for today."""
    day: date | None = form.cleaned_data.get("on")
    return day if day and day < clock.today() else None
