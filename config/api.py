"""The routes of ``/api/``: resources named after the models, token sign-in, OpenAPI."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from accounts.api import SignIn, SignOut
from branches.api import OrganizationViewSet
from meetings.api import MeetingViewSet
from members.api import ExemptionViewSet, MemberViewSet, StayViewSet
from reports.api import DocumentViewSet, GrantViewSet
from supervision.api import OccurrenceViewSet

router = SimpleRouter()
router.register("organizations", OrganizationViewSet, basename="organization")
router.register("members", MemberViewSet, basename="member")
router.register("exemptions", ExemptionViewSet, basename="exemption")
router.register("stays", StayViewSet, basename="stay")
router.register("meetings", MeetingViewSet, basename="meeting")
router.register("occurrences", OccurrenceViewSet, basename="occurrence")
router.register("grants", GrantViewSet, basename="grant")
router.register("documents", DocumentViewSet, basename="document")

urlpatterns = [
    path("v1/auth/token/", SignIn.as_view(), name="api-token"),
    path("v1/auth/logout/", SignOut.as_view(), name="api-logout"),
    path("v1/", include(router.urls)),
    path("schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
]
