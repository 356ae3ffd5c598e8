"""``/api/v1/members/``: the register in the caller's scope, numbers masked."""

from __future__ import annotations

from rest_framework import serializers

from core.api import ScopedViewSet
from members.filters import MemberFilter
from members.models import Member


class MemberSerializer(serializers.ModelSerializer[Member]):
    """One member; identity number and phone only as masks."""

    name = serializers.CharField(source="person.name", read_only=True)
    sex = serializers.CharField(source="person.sex", read_only=True)
    id_number_mask = serializers.CharField(source="person.id_number_mask", read_only=True)
    organization_name = serializers.CharField(source="organization.short_name", read_only=True)

    class Meta:
        """Never a ciphertext."""

        model = Member
        fields = [
            "id",
            "name",
            "sex",
            "id_number_mask",
            "organization",
            "organization_name",
            "group",
            "stage",
            "category",
            "rank",
            "duty",
            "joined_on",
            "joined_precision",
            "full_on",
            "full_precision",
            "active",
        ]
        read_only_fields = fields


class MemberViewSet(ScopedViewSet[Member]):
    """Members in sight."""

    queryset = Member.objects.select_related("person", "organization").order_by("id")
    serializer_class = MemberSerializer
    filterset_class = MemberFilter
