"""``/api/v1/meetings/``: the records in the caller's scope, and the same actions as the pages."""

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
from core.api import ReasonSerializer, ScopedViewSet
from meetings import actions
from meetings.actions.content import (
    AgendaInput,
    MeetingInput,
    ResolutionInput,
    RollLine,
    VoteInput,
)
from meetings.choices import Method, Presence, RollRole, Topic
from meetings.filters import MeetingFilter
from meetings.models import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingKind,
    RecordedFinding,
    Resolution,
    Vote,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from core.actor import Actor


class RollSerializer(serializers.ModelSerializer[Attendance]):
    """One person on the roll; ``name`` is the name as filed."""

    person_id = serializers.IntegerField()
    role = serializers.ChoiceField(RollRole.choices, default=RollRole.VOTER)

    class Meta:
        """Who, as what, and how."""

        model = Attendance
        fields = ["person_id", "name", "role", "presence", "excuse", "note"]
        read_only_fields = ["name"]


class VoteSerializer(serializers.ModelSerializer[Vote]):
    """Totals only."""

    class Meta:
        """Who voted how is stored nowhere."""

        model = Vote
        exclude = ["id", "item"]


class ResolutionSerializer(serializers.ModelSerializer[Resolution]):
    """One resolution; whether it is done is written by its own action."""

    class Meta:
        """Text, owner, dates."""

        model = Resolution
        fields = ["id", "text", "owner", "due_on", "done_on", "outcome"]
        read_only_fields = ["id", "done_on", "outcome"]


class AgendaSerializer(serializers.ModelSerializer[AgendaItem]):
    """One item of the agenda."""

    vote = VoteSerializer(required=False, allow_null=True)
    resolutions = ResolutionSerializer(many=True, required=False)

    class Meta:
        """In the order of the meeting."""

        model = AgendaItem
        fields = [
            "title",
            "topic",
            "discussion",
            "speakers",
            "leader_spoke_last",
            "vote",
            "resolutions",
        ]


class FindingSerializer(serializers.ModelSerializer[RecordedFinding]):
    """What the check-up said at filing, and the explanation."""

    class Meta:
        """Rule, level, sentence, clause."""

        model = RecordedFinding
        fields = ["rule", "level", "message", "clause", "explanation"]
        read_only_fields = fields


SUMMARY = [
    "id", "uuid", "organization", "organization_name", "group", "kinds", "title", "held_on",
    "starts_at", "ends_at", "place", "chair_id", "recorder_id", "lecturer", "observers",
    "late_reason", "stage", "version", "number", "edition", "corrects", "replaced_by",
    "recorded_on", "filed_at", "due", "voters_due", "present", "voters_present", "excused",
    "absent",
]  # fmt: skip


class MeetingSerializer(serializers.ModelSerializer[Meeting]):
    """One record in a list; ``stage`` is the state as shown."""

    organization_name = serializers.CharField(source="organization.short_name", read_only=True)
    stage = serializers.CharField(read_only=True)
    chair_id = serializers.IntegerField(read_only=True, allow_null=True)
    recorder_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        """Facts and counters."""

        model = Meeting
        fields = SUMMARY
        read_only_fields = fields


class MeetingDetailSerializer(MeetingSerializer):
    """One record with roll, agenda, minutes and findings."""

    roll = RollSerializer(many=True, read_only=True)
    agenda = AgendaSerializer(many=True, read_only=True)
    findings = FindingSerializer(many=True, read_only=True)

    class Meta(MeetingSerializer.Meta):
        """And what hangs on it."""

        fields = [
            *SUMMARY,
            "minutes",
            "void_reason",
            "correction_reason",
            "roll",
            "agenda",
            "findings",
        ]
        read_only_fields = fields


class DraftSerializer(serializers.ModelSerializer[Meeting]):
    """What is entered; the register of the day decides who votes."""

    kinds = serializers.SlugRelatedField(
        slug_field="code", queryset=MeetingKind.objects.filter(active=True), many=True
    )
    organization = serializers.IntegerField(min_value=1)
    group_id = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    title = serializers.CharField(max_length=100, required=False, allow_blank=True)
    chair_id = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    recorder_id = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    roll = RollSerializer(many=True, required=False)
    agenda = AgendaSerializer(many=True, required=False)

    class Meta:
        """The fields of ``MeetingInput`` and the organisation."""

        model = Meeting
        fields = [
            "organization",
            "kinds",
            "held_on",
            "title",
            "group_id",
            "starts_at",
            "ends_at",
            "place",
            "chair_id",
            "recorder_id",
            "lecturer",
            "observers",
            "minutes",
            "late_reason",
            "roll",
            "agenda",
        ]

    def content(self) -> MeetingInput:
        """The valid data as the actions take it."""
        data = dict(self.validated_data)
        data.pop("organization")
        kinds = tuple(kind.code for kind in data.pop("kinds"))
        roll = tuple(_line(line) for line in data.pop("roll", []))
        agenda = tuple(_item(item) for item in data.pop("agenda", []))
        return MeetingInput(kinds=kinds, roll=roll, agenda=agenda, **data)


def _line(data: dict[str, Any]) -> RollLine:
    known = {
        "role": RollRole(data["role"]),
        "presence": Presence(data.get("presence", Presence.PRESENT)),
    }
    return RollLine(**{**data, **known})


def _item(data: dict[str, Any]) -> AgendaInput:
    vote = data.get("vote")
    known = {
        "topic": Topic(data.get("topic", Topic.OTHER)),
        "vote": VoteInput(**{**vote, "method": Method(vote.get("method", Method.HANDS))}) if vote else None,
        "resolutions": tuple(ResolutionInput(**each) for each in data.get("resolutions", [])),
    }
    return AgendaInput(**{**data, **known})


class VersionSerializer(serializers.Serializer[Any]):
    """The version that the caller has seen."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class MeetingViewSet(ScopedViewSet[Meeting]):
    """Records; a draft is created with POST, then submitted, filed and, if need be, voided."""

    queryset = Meeting.objects.all()
    filterset_class = MeetingFilter

    def get_queryset(self) -> Any:
        """With what the answer shows."""
        rows: Any = super().get_queryset()
        if self.action == "list":
            return rows.select_related("organization").prefetch_related("kinds")
        return rows.for_page()

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """The short form in lists."""
        return MeetingSerializer if self.action == "list" else MeetingDetailSerializer

    @extend_schema(request=DraftSerializer, responses={201: MeetingDetailSerializer})
    def create(self, request: Request) -> Response:
        """Begin a draft of an organisation in sight."""
        form = DraftSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        seen = Organization.objects.visible_to(self._user())
        home = get_object_or_404(seen, pk=form.validated_data["organization"])
        meeting = actions.start_meeting(self._by(), home, form.content())
        return self._answer(meeting, status.HTTP_201_CREATED)

    @extend_schema(request=VersionSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str | None = None) -> Response:
        """Hand the draft over for filing."""
        return self._act(VersionSerializer, actions.submit_meeting, "version")

    @extend_schema(request=None, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"], url_path="file", url_name="file")
    def file_record(self, request: Request, pk: str | None = None) -> Response:
        """File the submitted record."""
        meeting = actions.file_meeting(self._by(), self.get_object())
        return self._answer(meeting)

    @extend_schema(request=ReasonSerializer, responses=MeetingDetailSerializer)
    @action(detail=True, methods=["post"])
    def void(self, request: Request, pk: str | None = None) -> Response:
        """Void the filed record, with a reason."""
        return self._act(ReasonSerializer, actions.void_meeting, "reason")

    def _user(self) -> User:
        return cast("User", self.request.user)

    def _by(self) -> Actor:
        return actor_for(self._user(), self.request._request)

    def _act(
        self,
        shape: type[serializers.Serializer[Any]],
        act: Callable[[Actor, Meeting, Any], Meeting],
        field: str,
    ) -> Response:
        meeting = self.get_object()
        form = shape(data=self.request.data)
        form.is_valid(raise_exception=True)
        return self._answer(act(self._by(), meeting, form.validated_data[field]))

    def _answer(self, meeting: Meeting, code: int = status.HTTP_200_OK) -> Response:
        """The record as it now stands."""
        fresh = Meeting.objects.for_page().get(pk=meeting.pk)
        return Response(MeetingDetailSerializer(fresh).data, status=code)
