"""``/api/v1/occurrences/``: what is owed in the caller's scope, and the waiver."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from branches.queries import actor_for
from core.api import ReasonSerializer, ScopedViewSet
from supervision import actions
from supervision.filters import OccurrenceFilter
from supervision.models import Occurrence


class OccurrenceSerializer(serializers.ModelSerializer[Occurrence]):
    """One occurrence as the API shows it."""

    duty_title = serializers.CharField(source="duty.title", read_only=True)
    organization_name = serializers.CharField(source="organization.short_name", read_only=True)
    holder_name = serializers.CharField(source="holder.short_name", read_only=True)

    class Meta:
        """Facts only; who decided a waiver is in the audit trail."""

        model = Occurrence
        fields = [
            "id",
            "duty",
            "duty_title",
            "organization",
            "organization_name",
            "holder",
            "holder_name",
            "period",
            "number",
            "opens_on",
            "due_on",
            "state",
            "meeting",
            "closed_on",
            "recorded_late",
            "reason",
        ]
        read_only_fields = fields


class OccurrenceViewSet(ScopedViewSet[Occurrence]):
    """Occurrences; ``waive`` and ``reopen`` are the actions of the pages."""

    queryset = Occurrence.objects.select_related("duty", "organization", "holder").order_by(
        "-due_on", "organization_id", "duty__position", "pk"
    )
    serializer_class = OccurrenceSerializer
    filterset_class = OccurrenceFilter

    @extend_schema(request=ReasonSerializer, responses=OccurrenceSerializer)
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str | None = None) -> Response:
        """Excuse an open duty with a reason."""
        return self._act(request, actions.waive)

    @extend_schema(request=ReasonSerializer, responses=OccurrenceSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        """Take a waiver back."""
        return self._act(request, actions.reopen)

    def _act(self, request: Request, act: Any) -> Response:
        row = self.get_object()
        data = ReasonSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        by = actor_for(cast("User", request.user), request._request)
        act(by, row, data.validated_data["reason"])
        row.refresh_from_db()
        return Response(OccurrenceSerializer(row).data)
