"""Addresses of rounds."""

from django.urls import path

from assessments import views

app_name = "assessments"

urlpatterns = [
    path("", views.RoundListView.as_view(), name="rounds"),
    path("open/<int:pk>/", views.OpenView.as_view(), name="open"),
    path("<int:pk>/", views.RoundView.as_view(), name="round"),
    path("<int:pk>/rows/<int:score>/", views.ScoreRowsView.as_view(), name="rows"),
    path("<int:pk>/score/<int:indicator>/", views.ScoreView.as_view(), name="score"),
    path("<int:pk>/count/", views.CountView.as_view(), name="count"),
    path("<int:pk>/review/", views.ReviewView.as_view(), name="review"),
]
