"""What the pages about one organisation share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from branches.models import Organization
from core.views import ScopedMixin

TABS = (
    ("branches:edit", "组织信息"),
    ("branches:posts", "届次与任职"),
    ("branches:found", "设立下级组织"),
    ("branches:move", "调整隶属关系"),
    ("branches:dissolve", "撤销组织"),
)


class OfOrganization(ScopedMixin[Organization]):
    """Pages about ``self.object``, with the tabs of its particulars."""

    model = Organization
    object: Organization
    tab = ""
    template_name = "branches/form.html"
    title = ""
    verb = "保存"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``organization``, ``tabs`` and the words of the page."""
        tabs = [
            {"label": label, "url": reverse(name, args=[self.object.pk]), "current": name == self.tab}
            for name, label in TABS
        ]
        words = {"title": self.title, "verb": self.verb, "back_url": self.object.get_absolute_url()}
        return super().get_context_data(  # type: ignore[misc,no-any-return]  # mixed into a view with a context
            organization=self.object, tabs=tabs, **words, **kwargs
        )
