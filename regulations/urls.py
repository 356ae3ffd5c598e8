"""Addresses of the rule library."""

from django.urls import path, re_path

from regulations import views

app_name = "regulations"

urlpatterns = [
    path("", views.ClauseListView.as_view(), name="list"),
    path("values/<int:pk>/", views.ChangeValueView.as_view(), name="change"),
    re_path(r"^(?P<rule>[A-Z]{2}-[0-9]{2})/$", views.RuleView.as_view(), name="detail"),
]
