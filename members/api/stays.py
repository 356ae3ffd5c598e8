"""``/api/v1/stays/``: who takes part in another branch for a time (临时参加组织生活, MT-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from branches.models import Organization
from branches.queries import actor_for
from core.api import ScopedViewSet
from members import actions, queries
from members.choices import StayKind
from members.filters import StayFilter
from members.models import Member, Stay

if TYPE_CHECKING:
    from accounts.models import User
    from core.actor import Actor

LARGEST = 2**31 - 1
"""The largest key there can be."""


class StaySerializer(serializers.ModelSerializer[Stay]):
    """One stay; ``home`` is the branch of the relation today."""

    member = serializers.IntegerField(source="person.member.pk", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)
    home = serializers.IntegerField(source="person.member.organization_id", read_only=True)
    home_name = serializers.CharField(source="person.member.organization.short_name", read_only=True)
    organization_name = serializers.CharField(source="organization.short_name", read_only=True)

    class Meta:
        """Who, from where, where to, and when."""

        model = Stay
        fields = [
            "id",
            "member",
            "name",
            "home",
            "home_name",
            "organization",
            "organization_name",
            "kind",
            "since",
            "until",
            "reason",
            "approval",
        ]
        read_only_fields = fields


class NewStaySerializer(serializers.Serializer[Any]):
    """A member and the branch that takes the member in."""

    member = serializers.IntegerField(min_value=1, max_value=LARGEST)
    organization = serializers.IntegerField(min_value=1, max_value=LARGEST)
    kind = serializers.ChoiceField(StayKind.choices)
    since = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=100)
    approval = serializers.CharField(max_length=100, required=False, allow_blank=True)


class RecallSerializer(serializers.Serializer[Any]):
    """Home again from ``until`` on; the first day takes the entry back."""

    until = serializers.DateField()
    reason = serializers.CharField(max_length=100)


class StayViewSet(ScopedViewSet[Stay]):
    """Stays whose host or home is in sight; POST enters one, ``end`` ends it."""

    queryset = Stay.objects.order_by("id")
    serializer_class = StaySerializer
    filterset_class = StayFilter

    def get_queryset(self) -> Any:
        """With what the answer shows."""
        return queries.stays_for_list(super().get_queryset())

    @extend_schema(request=NewStaySerializer, responses={201: StaySerializer})
    def create(self, request: Request) -> Response:
        """Let a member in sight take part in a branch in sight."""
        form = NewStaySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data, user = dict(form.validated_data), cast("User", request.user)
        member = get_object_or_404(Member.objects.visible_to(user), pk=data.pop("member"))
        host = get_object_or_404(Organization.objects.visible_to(user), pk=data.pop("organization"))
        stay = actions.lend(self._by(), member, host, actions.Terms(**data))
        return self._answer(stay, status.HTTP_201_CREATED)

    @extend_schema(request=RecallSerializer, responses=StaySerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """The member goes home."""
        stay = self.get_object()
        form = RecallSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return self._answer(actions.recall(self._by(), stay, **form.validated_data))

    def _by(self) -> Actor:
        return actor_for(cast("User", self.request.user), self.request._request)

    def _answer(self, stay: Stay, code: int = status.HTTP_200_OK) -> Response:
        """The stay as it now stands, also one that was taken back."""
        rows = Stay.objects.select_related("person__member__organization", "organization")
        return Response(StaySerializer(rows.get(pk=stay.pk)).data, status=code)
