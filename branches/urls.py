"""Addresses of this room."""

app_name = "branches"

urlpatterns: list[object] = []
