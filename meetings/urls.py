"""Addresses of meetings."""

from django.urls import path, re_path

from meetings import views

app_name = "meetings"

urlpatterns = [
    path("", views.MeetingListView.as_view(), name="list"),
    path("new/", views.LogView.as_view(), name="log"),
    path("new/autosave/", views.StartView.as_view(), name="start"),
    path("roll/<int:organization>/", views.RollPartView.as_view(), name="roll"),
    path("<int:pk>/", views.MeetingView.as_view(), name="detail"),
    path("<int:pk>/edit/", views.EditView.as_view(), name="edit"),
    path("<int:pk>/autosave/", views.AutosaveView.as_view(), name="autosave"),
    path("<int:pk>/findings/", views.FindingsView.as_view(), name="findings"),
    path("<int:pk>/check/", views.CheckView.as_view(), name="check"),
    path("<int:pk>/sheet/", views.SignInSheetView.as_view(), name="sheet"),
    path("<int:pk>/submit/", views.SubmitView.as_view(), name="submit"),
    path("<int:pk>/file/", views.FileView.as_view(), name="file"),
    path("<int:pk>/return/", views.ReturnView.as_view(), name="return"),
    path("<int:pk>/correct/", views.CorrectView.as_view(), name="correct"),
    path("<int:pk>/void/", views.VoidView.as_view(), name="void"),
    path("<int:pk>/discard/", views.DiscardView.as_view(), name="discard"),
    path("<int:pk>/explain/", views.ExplainView.as_view(), name="explain"),
    path("<int:pk>/attach/", views.AttachView.as_view(), name="attach"),
    path(
        "<int:pk>/attachments/<int:attachment>/",
        views.AttachmentView.as_view(),
        name="attachment",
    ),
    path(
        "<int:pk>/attachments/<int:attachment>/remove/",
        views.DetachView.as_view(),
        name="detach",
    ),
    re_path(
        r"^(?P<pk>[0-9]{1,10})/minutes\.(?P<kind>pdf|docx)$",
        views.MinutesView.as_view(),
        name="minutes",
    ),
    path("resolutions/<int:pk>/", views.OutcomeView.as_view(), name="outcome"),
]
