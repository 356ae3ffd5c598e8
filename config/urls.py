"""Where every page and route is found."""

from django.urls import include, path

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"

urlpatterns = [
    path("", include("core.urls")),
    path("", include("reports.urls")),
    path("accounts/", include("accounts.urls")),
    path("regulations/", include("regulations.urls")),
    path("organizations/", include("branches.urls")),
    path("members/", include("members.urls")),
    path("meetings/", include("meetings.urls")),
    path("duties/", include("supervision.urls")),
    path("rounds/", include("assessments.urls")),
    path("api/", include("config.api")),
]
