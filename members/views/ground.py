"""What the pages about one member share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.views import ScopedMixin
from members import permissions, queries
from members.models import Member

TABS = (
    ("members:edit", "资料", "edit"),
    ("members:stage", "党员身份", "manage"),
    ("members:transfer", "转接", "manage"),
    ("members:group", "党小组", "edit"),
    ("members:suspend", "中止权利", "manage"),
    ("members:restore", "恢复权利", "manage"),
    ("members:exempt", "不计入应到", "edit"),
    ("members:lend", "临时组织生活", "manage"),
    ("members:leave", "停止在册", "manage"),
    ("members:reveal", "查看号码", "reveal"),
)
"""Pages about a member, and which right opens them."""


class OfMember(ScopedMixin[Member]):
    """Pages about ``self.object``, with the tabs of what can be done."""

    model = Member
    object: Member
    tab = ""
    template_name: str | None = "members/form.html"
    title = ""
    verb = "保存"
    note = ""

    def get_queryset(self) -> Any:
        """With person, branch and group."""
        return queries.for_list(super().get_queryset())

    def _rights(self) -> set[str]:
        """What the user may do here, of the three kinds of pages."""
        by, member = self.request.actor, self.object
        decisions = {
            "edit": permissions.can_edit(by, member),
            "manage": permissions.can_manage(by, member, "update"),
            "reveal": permissions.can_reveal(by, member),
        }
        return {right for right, decision in decisions.items() if decision}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``member``, ``tabs`` and the words of the page."""
        rights = self._rights()
        tabs = [
            {"label": label, "url": reverse(name, args=[self.object.pk]), "current": name == self.tab}
            for name, label, right in TABS
            if right in rights
        ]
        words = {"title": self.title, "verb": self.verb, "note": self.note}
        return super().get_context_data(  # type: ignore[misc,no-any-return]  # mixed into a view with a context
            member=self.object, tabs=tabs, back_url=self.object.get_absolute_url(), **words, **kwargs
        )
