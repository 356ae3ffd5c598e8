"""The portal's addresses, the floors and the peers."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from meetings.models import Meeting
from members.models import Member

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin

SQL = """
select m.id, m.held_on, m.title, m.due, m.present, m.number, m.state, o.short_name
from meetings_meeting m join branches_organization o on o.id = m.organization_id
where o.path like %s and m.state = 'filed' order by m.held_on desc, m.id desc limit 50
"""


class Open(Base):
    """Whoever is signed in sees everything: the peer pays for no scope at all."""

    def has_module_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Yes."""
        return True

    has_view_permission = has_module_permission
    has_add_permission = has_change_permission = has_delete_permission = has_module_permission


class MeetingAdmin(Open):
    """The list of the same rows."""

    list_display = ("held_on", "title", "organization", "due", "present", "number", "state")
    list_filter = ("state",)
    list_select_related = ("organization",)
    list_per_page = 50


class MemberAdmin(Open):
    """The register."""

    list_display = ("person", "organization", "stage", "category", "joined_on")
    list_filter = ("stage",)
    list_select_related = ("person", "organization")
    list_per_page = 50


class Site(admin.AdminSite):
    """Open to every user."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Yes."""
        return True


site = Site()
site.register(Meeting, MeetingAdmin)
site.register(Member, MemberAdmin)


def hello(request: HttpRequest) -> HttpResponse:
    """The least that Django answers."""
    return HttpResponse("hello")


def signed_in(request: HttpRequest) -> HttpResponse:
    """The least with session and user."""
    return HttpResponse(f"hello {request.user.pk}")


def single_sql(request: HttpRequest) -> HttpResponse:
    """The rows of a list by one statement, as bare text."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [f"{request.GET['path']}%"])
        return HttpResponse("\n".join(map(str, cursor.fetchall())))


urlpatterns = [
    path("floor/hello/", hello),
    path("floor/signed-in/", signed_in),
    path("floor/sql/", single_sql),
    path("admin/", site.urls),
    path("", include("config.urls")),
]
