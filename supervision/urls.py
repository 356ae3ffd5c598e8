"""Addresses of duties."""

from django.urls import path

from supervision import views

app_name = "supervision"

urlpatterns = [
    path("", views.TodoView.as_view(), name="todo"),
    path("list/", views.OccurrenceListView.as_view(), name="list"),
    path("matrix/", views.MatrixView.as_view(), name="matrix"),
    path("closed-by/<int:meeting>/", views.ClosedView.as_view(), name="closed"),
    path("<int:pk>/", views.OccurrenceView.as_view(), name="detail"),
    path("<int:pk>/waive/", views.WaiveView.as_view(), name="waive"),
    path("<int:pk>/reopen/", views.ReopenView.as_view(), name="reopen"),
]
