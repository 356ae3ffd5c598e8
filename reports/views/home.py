"""Home by role, the organisation page, the person page, search."""

from __future__ import annotations

from typing import Any

from branches import permissions as branch_permissions
from branches.models import Organization
from core import clock
from core.models import Notice
from core.views import PageView, ScopedDetailView
from members import permissions as member_permissions
from members.models import Member
from reports import queries
from reports.queries import administrators
from supervision import queries as duties


class HomeView(PageView):
    """One page, five faces: branch, department, leader, member, administrator."""

    def get_template_names(self) -> list[str]:
        """By the post acted for."""
        viewer = self.request.viewer
        if viewer.user.admin_role:
            return ["reports/home_admin.html"]
        if viewer.organization is None:
            return ["reports/home_member.html"]
        if viewer.is_branch:
            return ["reports/home_branch.html"]
        return ["reports/home_department.html" if viewer.is_department else "reports/home_leader.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Only what the face needs."""
        viewer, today = self.request.viewer, clock.today()
        context: dict[str, Any] = {"today": today, "notices": self._notices()}
        organization = viewer.organization
        if viewer.user.admin_role:
            context["waiting"] = administrators.waiting_for(viewer.user)
            context["law_changes"] = administrators.changes_of_the_law() if viewer.is_secadmin else None
        elif organization is None:
            context["page"] = self._own_page()
        elif viewer.is_branch:
            context |= {
                "page": queries.organization_page(viewer.user, organization),
                "todo": duties.todo_list(organization),
            }
        else:
            context["brief"] = queries.brief(viewer.user, organization)
        return super().get_context_data(**context, **kwargs)

    def _notices(self) -> list[Notice]:
        return list(Notice.objects.filter(user=self.request.user)[:5])

    def _own_page(self) -> queries.PersonPage | None:
        if self.request.user.person_id is None:
            return None
        member = (
            Member.objects.filter(person=self.request.user.person_id)
            .select_related("person", "organization", "group")
            .first()
        )
        return queries.person_page(member, private=True, keeps=False) if member else None


class OrganizationView(ScopedDetailView[Organization]):
    """The page of an organisation."""

    model = Organization
    template_name = "reports/organization.html"

    def get_queryset(self) -> Any:
        """With its parent, for the line under the name."""
        return super().get_queryset().select_related("parent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts of several rooms."""
        page = queries.organization_page(self.request.user, self.object)
        above = Organization.objects.visible_to(self.request.user).filter(pk__in=self.object.ancestor_ids)
        return super().get_context_data(
            page=page,
            above=list(above.order_by("path")),
            today=clock.today(),
            can_manage=branch_permissions.can_edit(self.request.actor, self.object),
            **kwargs,
        )


class PersonView(ScopedDetailView[Member]):
    """The page of a member."""

    model = Member
    template_name = "reports/person.html"
    context_object_name = "member"

    def get_queryset(self) -> Any:
        """With the person and the branch."""
        return super().get_queryset().select_related("person", "organization", "group")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts of several rooms; numbers stay masked."""
        can_edit = member_permissions.can_edit(self.request.actor, self.object)
        own, keeps = self.request.user.person_id == self.object.person_id, bool(can_edit)
        return super().get_context_data(
            page=queries.person_page(self.object, private=own or keeps, keeps=keeps),
            can_edit=can_edit,
            can_reveal=member_permissions.can_reveal(self.request.actor, self.object),
            **kwargs,
        )


class SearchView(PageView):
    """查人、查会、查事."""

    template_name = "reports/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was found in the user's sight."""
        words = self.request.GET.get("q", "").strip()[:50]
        return super().get_context_data(words=words, found=queries.search(self.request.user, words), **kwargs)
