"""Addresses of this room; the page of an organisation itself is ``reports:organization``."""

from django.urls import path

from branches import views

app_name = "branches"

urlpatterns = [
    path("", views.Tree.as_view(), name="tree"),
    path("<int:pk>/children/", views.Children.as_view(), name="children"),
    path("<int:pk>/found/", views.Found.as_view(), name="found"),
    path("<int:pk>/edit/", views.Edit.as_view(), name="edit"),
    path("<int:pk>/move/", views.Move.as_view(), name="move"),
    path("<int:pk>/dissolve/", views.Dissolve.as_view(), name="dissolve"),
    path("<int:pk>/posts/", views.Posts.as_view(), name="posts"),
    path("<int:pk>/terms/new/", views.StartTerm.as_view(), name="term"),
    path("<int:pk>/values/", views.Values.as_view(), name="values"),
    path("<int:pk>/values/<str:code>/", views.SetValue.as_view(), name="value"),
    path("posts/<int:pk>/end/", views.End.as_view(), name="end"),
]
