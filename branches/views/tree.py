"""The tree: one level at a time, opened by htmx or by a link, searched by name and pinyin."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from branches import queries
from branches.models import Organization
from core.views import PageView, ScopedDetailView


class Tree(PageView):
    """The organisations in sight; ``?node=`` opens the line to one, ``?q=`` searches."""

    template_name = "branches/tree.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``tops`` with the opened line, or ``found``."""
        user, text = self.request.user, self.request.GET.get("q", "").strip()[:50]
        if text:
            return super().get_context_data(q=text, found=queries.found_by(user, text), **kwargs)
        target = self._target()
        top = queries.opened(queries.tops(user), target)
        if target is None and len(top) == 1:
            top = queries.opened(top, top[0])
        return super().get_context_data(tops=top, target=target, q="", **kwargs)

    def _target(self) -> Organization | None:
        """The organisation to open; 404 for one out of sight."""
        asked = self.request.GET.get("node", "")
        if not (asked.isascii() and asked.isdigit()):
            return None
        return get_object_or_404(Organization.objects.visible_to(self.request.user), pk=asked)


class Children(ScopedDetailView[Organization]):
    """The direct children of one node, as a part of the tree."""

    model = Organization
    template_name = "branches/parts/children.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``nodes``."""
        nodes = queries.children_of(self.object)
        return super().get_context_data(nodes=nodes, most=queries.MOST_CHILDREN, **kwargs)
