"""``/api/v1/organizations/``: the tree as far as the caller sees it."""

from __future__ import annotations

from rest_framework import serializers

from branches.filters import OrganizationFilter
from branches.models import Organization
from core.api import ScopedViewSet


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """One organisation."""

    class Meta:
        """The fields that scripts rely on."""

        model = Organization
        fields = [
            "id",
            "code",
            "name",
            "short_name",
            "kind",
            "level",
            "unit_name",
            "bureau_name",
            "temporary",
            "joint",
            "parent",
            "path",
            "position",
            "approval",
            "founded_on",
            "dissolved_on",
            "duties_from",
        ]
        read_only_fields = fields


class OrganizationViewSet(ScopedViewSet[Organization]):
    """Organisations in sight, in the order of the tree."""

    queryset = Organization.objects.order_by("path")
    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter
