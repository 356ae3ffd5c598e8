"""Small pages on the base views, and the people who look at them, for the tests of the frame."""

from datetime import date
from typing import Any

import django_filters
import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Person, User
from branches.models import Appointment, Organization
from core.decisions import ActionError, Allowed, Decision, Denied, NotAllowed, StaleRecord
from core.exports import Column
from core.views import (
    ActionFormView,
    ActionView,
    PageView,
    ReasonActionView,
    ScopedDetailView,
    ScopedListView,
    ScopedObjectMixin,
)

FIRST_DAY = date(2025, 1, 1)


class NameFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label="名称", lookup_expr="contains")
    position = django_filters.NumberFilter(label="次序")

    class Meta:
        model = Organization
        fields = ["name", "position"]


class Listing(ScopedListView[Organization]):
    model = Organization
    template_name = "frame/list.html"
    filterset_class = NameFilter
    sorts = {"name": ("name",), "place": ("-position", "code")}
    ordering = ("code",)
    optional_columns = {"code": "编号", "kind": "类别"}
    default_columns = ("code",)
    export_columns = (Column("名称", lambda o: o.name), Column("次序", lambda o: o.position))
    export_name = "组织清单"

    def decide_export(self) -> Decision:
        return Denied("本人职务不能导出。") if self.request.GET.get("deny") else Allowed()


class Detail(ScopedDetailView[Organization]):
    model = Organization
    template_name = "frame/detail.html"
    context_object_name = "organization"

    def decide(self) -> Decision:
        return Denied("只有支部委员可以查看。") if self.object.temporary else Allowed()


class NameForm(forms.Form):
    name = forms.CharField(label="名称", max_length=20, help_text="按批复填写。")
    remark = forms.CharField(label="备注", required=False)


class Rename(ScopedObjectMixin[Organization], ActionFormView[NameForm]):
    model = Organization
    form_class = NameForm
    template_name = "frame/form.html"
    success_message = "已改名。"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.name}

    def get_success_url(self) -> str:
        return "/list/"

    def act(self, form: NameForm) -> str | None:
        name = form.cleaned_data["name"]
        refusals: dict[str, Exception] = {
            "错名": ActionError("这个名称已停用，请换一个。", field="name"),
            "全错": ActionError("请先核对上级批复。"),
            "无权": NotAllowed("只有书记可以改名。"),
            "过时": StaleRecord("名称刚才已被他人修改。"),
        }
        self.object.founded_on = FIRST_DAY
        self.object.position += 1
        self.object.name = name
        self.object.save()
        if name in refusals:
            raise refusals[name]
        if name == "重号":
            Organization.objects.create(code=self.object.code, name=name, path="x", duties_from=FIRST_DAY)
        return None if name == "默认" else f"/list/?n={self.object.position}"


class Dissolve(ActionView[Organization]):
    model = Organization
    title = "撤销组织"
    verb = "撤销"
    warning = "撤销后不再产生任务。"

    def act(self) -> str:
        if self.object.position:
            raise ActionError("先移交台账，再撤销。")
        Organization.objects.filter(pk=self.object.pk).update(dissolved_on=FIRST_DAY)
        return "/list/"

    def get_success_url(self) -> str:
        return "/list/"


class Suspend(ReasonActionView[Organization, NameForm]):
    model = Organization
    form_class = NameForm
    title = "停用组织"
    verb = "停用"

    def act(self, form: NameForm) -> Organization | str:
        return "/list/"

    def get_success_url(self) -> str:
        return "/list/"


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def posted(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("text", ""))


login = (
    [path("login/", PageView.as_view(template_name="frame/list.html"), name="login")],
    "accounts",
)
handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"
urlpatterns = [
    path("", include("core.urls")),
    path("accounts/", include(login)),
    path("list/", Listing.as_view()),
    path("page/<int:pk>/", Detail.as_view()),
    path("rename/<int:pk>/", Rename.as_view()),
    path("dissolve/<int:pk>/", Dissolve.as_view()),
    path("suspend/<int:pk>/", Suspend.as_view()),
    path("broken/", broken),
    path("posted/", posted),
]

TEMPLATES = {
    "frame/list.html": """{% extends "base.html" %}{% load portal %}
        {% block heading %}清单{% endblock %}
        {% block content %}
        {% include "parts/filters.html" %}{% include "parts/list_tools.html" %}
        <table><tr>{% sort_header "name" "名称" %}</tr>
        {% for row in rows %}<tr><td>{{ row.name }}|{{ shown|join:"," }}</td></tr>{% endfor %}
        </table>{% include "parts/pager.html" %}{% endblock %}""",
    "frame/detail.html": """{% extends "base.html" %}
        {% block heading %}{{ organization.name }}{% endblock %}""",
    "frame/form.html": """{% extends "base.html" %}{% load portal crispy_forms_filters %}
        {% block content %}<form method="post">{% one_time %}{{ form|crispy }}
        <button>保存</button></form>{% endblock %}""",
}


def organization(code: str, **values: Any) -> Organization:
    """One more organisation at the top of its own tree."""
    made = Organization.objects.create(
        code=code,
        **{
            "name": f"{code}党支部",
            "short_name": code,
            "kind": "branch",
            "path": code,
            "duties_from": FIRST_DAY,
            **values,
        },
    )
    made.path = f"{made.pk:07d}"
    made.save()
    return made


def officer(name: str, *organizations: Organization) -> User:
    """A user whose person is secretary of ``organizations``."""
    person = Person.objects.create(name=name, created_at=timezone.now())
    user = User.objects.create(username=name, person=person, created_at=timezone.now())
    for place in organizations:
        appoint(user, place)
    return user


def appoint(user: User, place: Organization) -> None:
    """Make the user's person secretary of ``place``."""
    Appointment.objects.create(organization=place, person=user.person, office="secretary", since=FIRST_DAY)


@pytest.fixture(autouse=True)
def pages(settings: Settings) -> None:
    loaders = [
        ("django.template.loaders.locmem.Loader", TEMPLATES),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    [engine] = settings.TEMPLATES
    options = {**engine["OPTIONS"], "loaders": loaders, "string_if_invalid": "‼%s"}
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]


@pytest.fixture
def own() -> Organization:
    return organization("BH01")


@pytest.fixture
def foreign() -> Organization:
    return organization("CD01")


@pytest.fixture
def user(own: Organization) -> User:
    return officer("王某某", own)


@pytest.fixture
def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="accounts.backends.PersonBackend")
    return client
