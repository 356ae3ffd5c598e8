"""Addresses of this room; the page of a member itself is ``reports:person``."""

from django.urls import path

from members import views

app_name = "members"

urlpatterns = [
    path("", views.MemberList.as_view(), name="list"),
    path("new/", views.Register.as_view(), name="new"),
    path("<int:pk>/edit/", views.Edit.as_view(), name="edit"),
    path("<int:pk>/stage/", views.ChangeStage.as_view(), name="stage"),
    path("<int:pk>/transfer/", views.Transfer.as_view(), name="transfer"),
    path("<int:pk>/group/", views.AssignGroup.as_view(), name="group"),
    path("<int:pk>/suspend/", views.Suspend.as_view(), name="suspend"),
    path("<int:pk>/restore/", views.Restore.as_view(), name="restore"),
    path("<int:pk>/exempt/", views.Exempt.as_view(), name="exempt"),
    path("<int:pk>/exempt/consent/", views.Consent.as_view(), name="consent"),
    path("<int:pk>/exempt/end/", views.Recount.as_view(), name="recount"),
    path("<int:pk>/stay/", views.Lend.as_view(), name="lend"),
    path("stays/", views.StayList.as_view(), name="stays"),
    path("stays/new/<int:pk>/", views.Take.as_view(), name="take"),
    path("stays/<int:pk>/end/", views.Recall.as_view(), name="recall"),
    path("<int:pk>/leave/", views.Leave.as_view(), name="leave"),
    path("<int:pk>/reveal/", views.Reveal.as_view(), name="reveal"),
    path("appoint/<int:pk>/", views.Appoint.as_view(), name="appoint"),
    path("import/", views.Upload.as_view(), name="import"),
    path("import/template/", views.Template.as_view(), name="template"),
    path("import/<uuid:pk>/", views.Batch.as_view(), name="import_batch"),
    path("import/<uuid:pk>/errors/", views.Errors.as_view(), name="import_errors"),
    path("import/<uuid:pk>/confirm/", views.Confirm.as_view(), name="import_confirm"),
    path("import/<uuid:pk>/undo/", views.Undo.as_view(), name="import_undo"),
]
