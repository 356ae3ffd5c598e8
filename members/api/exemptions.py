"""``/api/v1/exemptions/``: who is not counted as due (不计入应到会); the actions of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from branches.queries import actor_for
from core.api import ScopedViewSet
from members import actions, queries
from members.choices import Exempt
from members.filters import ExemptionFilter
from members.models import Exemption, Member

if TYPE_CHECKING:
    from accounts.models import User
    from core.actor import Actor


class ExemptionSerializer(serializers.ModelSerializer[Exemption]):
    """One entry; ``reason`` is null for those who only see that it is there (it may tell of an illness)."""

    member = serializers.IntegerField(source="person.member.pk", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)
    organization_name = serializers.CharField(source="organization.short_name", read_only=True)
    reason = serializers.SerializerMethodField()
    lacking = serializers.CharField(read_only=True)

    class Meta:
        """Facts, and what is still missing."""

        model = Exemption
        fields = [
            "id",
            "member",
            "name",
            "organization",
            "organization_name",
            "reason",
            "since",
            "until",
            "consented_on",
            "consented_by",
            "consent_number",
            "approved_on",
            "lacking",
        ]
        read_only_fields = fields

    def get_reason(self, row: Exemption) -> str | None:
        """The code of the clause's case, for the person and those who keep the register."""
        return row.reason if getattr(row, "readable", False) else None


class ConsentSerializer(serializers.Serializer[Any]):
    """Both conditions; null is not yet."""

    consented_on = serializers.DateField(allow_null=True)
    consented_by = serializers.CharField(max_length=100, required=False, allow_blank=True)
    consent_number = serializers.CharField(max_length=100, required=False, allow_blank=True)
    approved_on = serializers.DateField(allow_null=True)


class NewExemptionSerializer(ConsentSerializer):
    """A member of the caller's register who need not be counted; consent may come later."""

    member = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = serializers.ChoiceField(Exempt.choices)
    since = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)
    consented_on = serializers.DateField(required=False, allow_null=True)
    approved_on = serializers.DateField(required=False, allow_null=True)


class EndSerializer(serializers.Serializer[Any]):
    """Counted again from ``until`` on; the first day takes the entry back."""

    until = serializers.DateField()
    reason = serializers.CharField(max_length=100)


class ExemptionViewSet(ScopedViewSet[Exemption]):
    """Entries in sight; POST records one, ``consent`` completes and ``end`` ends the latest one."""

    queryset = Exemption.objects.real().order_by("id")
    serializer_class = ExemptionSerializer
    filterset_class = ExemptionFilter

    def get_queryset(self) -> Any:
        """With what the answer shows, and whether the caller may read why."""
        return queries.readable_by(self._user(), super().get_queryset())

    @extend_schema(request=NewExemptionSerializer, responses={201: ExemptionSerializer})
    def create(self, request: Request) -> Response:
        """Record that a member need not be counted as due."""
        form = NewExemptionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        member = get_object_or_404(Member.objects.visible_to(self._user()), pk=data.pop("member"))
        case = {name: data.pop(name, None) for name in ("reason", "since", "until")}
        row = actions.exempt(self._by(), member, **case, consent=actions.Consent(**data))
        return self._answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=ConsentSerializer, responses=ExemptionSerializer)
    @action(detail=True, methods=["post"])
    def consent(self, request: Request, pk: str | None = None) -> Response:
        """Enter or correct consent and approval."""
        row, data = self._sent(ConsentSerializer)
        consent = actions.Consent(**data)
        return self._answer(actions.complete_exemption(self._by(), row.person.member, consent, row=row))

    @extend_schema(request=EndSerializer, responses=ExemptionSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """Count the member again."""
        row, data = self._sent(EndSerializer)
        return self._answer(actions.count_again(self._by(), row.person.member, row=row, **data))

    def _sent(self, shape: type[serializers.Serializer[Any]]) -> tuple[Exemption, dict[str, Any]]:
        """The row in sight and the valid data."""
        row = self.get_object()
        form = shape(data=self.request.data)
        form.is_valid(raise_exception=True)
        return row, dict(form.validated_data)

    def _user(self) -> User:
        return cast("User", self.request.user)

    def _by(self) -> Actor:
        return actor_for(self._user(), self.request._request)

    def _answer(self, row: Exemption, code: int = status.HTTP_200_OK) -> Response:
        """The entry as it now stands, also one that was taken back."""
        fresh = queries.readable_by(self._user(), Exemption.objects.all()).get(pk=row.pk)
        return Response(ExemptionSerializer(fresh).data, status=code)
