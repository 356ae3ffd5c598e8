"""Addresses of pages that gather several rooms."""

from django.urls import path, re_path

from reports import views

app_name = "reports"


urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("organizations/<int:pk>/", views.OrganizationView.as_view(), name="organization"),
    path("members/<int:pk>/", views.PersonView.as_view(), name="person"),
    path("grants/", views.GrantList.as_view(), name="grants"),
    path("grants/<int:pk>/", views.GrantPage.as_view(), name="grant"),
    path("jobs/", views.JobListView.as_view(), name="jobs"),
    path("jobs/<int:pk>/retry/", views.JobRetryView.as_view(), name="job_retry"),
    path("notices/", views.NoticeListView.as_view(), name="notices"),
    path("notices/<int:pk>/", views.NoticeReadView.as_view(), name="notice"),
    path("cycles/", views.CycleListView.as_view(), name="cycles"),
    path("cycles/run/", views.RunCycleView.as_view(), name="run_cycle"),
    path("cycles/<int:pk>/", views.CycleView.as_view(), name="cycle"),
    path("cycles/<int:pk>/<int:figure>/", views.FigureView.as_view(), name="figure"),
    path("bulletins/", views.BulletinListView.as_view(), name="bulletins"),
    path("bulletins/<int:pk>/", views.BulletinView.as_view(), name="bulletin"),
    path("bulletins/<int:pk>/word/", views.WordView.as_view(), name="word"),
    path("bulletins/<int:pk>/review/", views.ReviewView.as_view(), name="review"),
    path("bulletins/<int:pk>/return/", views.ReturnView.as_view(), name="return"),
    path("bulletins/<int:pk>/issue/", views.IssueView.as_view(), name="issue"),
    path("bulletins/<int:pk>/reissue/", views.ReissueView.as_view(), name="reissue"),
    re_path(
        r"^bulletins/(?P<pk>[0-9]{1,10})/file\.(?P<kind>pdf|docx)$",
        views.BulletinFileView.as_view(),
        name="bulletin_file",
    ),
]
