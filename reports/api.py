"""``/api/v1/documents/``: papers in the caller's scope; ``/api/v1/grants/``: who holds which post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import django_filters
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from branches.filters import WholeNumberFilter
from branches.models import Appointment
from core.api import AnyAccept, ScopedViewSet
from core.models import Document, StoredFile
from reports import queries
from reports.actions import DOCX
from reports.filters import GrantFilter

if TYPE_CHECKING:
    from accounts.models import User

PDF = "application/pdf"
LARGEST = 2**31 - 1
"""The largest key there can be."""


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """One paper."""

    organization_name = serializers.CharField(source="organization.short_name", read_only=True)
    pdf_digest = serializers.CharField(source="pdf.digest", read_only=True, default="")

    class Meta:
        """Number, version, digest; files come from ``pdf`` and ``docx``."""

        model = Document
        fields = [
            "id",
            "organization",
            "organization_name",
            "kind",
            "title",
            "number",
            "version",
            "issued_on",
            "created_at",
            "pdf_digest",
        ]
        read_only_fields = fields


class DocumentFilter(django_filters.FilterSet):
    """By organisation, kind and number.

    The organisation is a bare number: a choice of rows would answer otherwise for one that exists
    out of sight (200) than for one that does not (400).
    """

    organization = WholeNumberFilter("organization_id", label="党组织", min_value=1, max_value=LARGEST)

    class Meta:
        """Kind and number exactly."""

        model = Document
        fields = ["kind", "number"]


class DocumentViewSet(ScopedViewSet[Document]):
    """Papers; the files obey the same scope."""

    queryset = Document.objects.select_related("organization", "pdf", "docx")
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=AnyAccept)
    def pdf(self, request: Request, pk: str | None = None) -> Any:
        """The paper as PDF."""
        return _download(self.get_object().pdf)

    @extend_schema(responses={(200, DOCX): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=AnyAccept)
    def docx(self, request: Request, pk: str | None = None) -> Any:
        """The paper as .docx."""
        return _download(self.get_object().docx)


class GrantSerializer(serializers.ModelSerializer[Appointment]):
    """One post as an authorisation."""

    name = serializers.CharField(source="person.name", read_only=True)
    username = serializers.CharField(read_only=True, allow_null=True)
    organization_name = serializers.CharField(source="organization.short_name", read_only=True)
    given_by = serializers.CharField(read_only=True, allow_null=True)
    ended_by = serializers.CharField(read_only=True, allow_null=True)
    state = serializers.SerializerMethodField()

    class Meta:
        """Who, where, when, by whom and on which paper; no business contents."""

        model = Appointment
        fields = [
            "id",
            "person",
            "name",
            "username",
            "organization",
            "organization_name",
            "office",
            "since",
            "until",
            "approval",
            "given_by",
            "ended_by",
            "state",
        ]
        read_only_fields = fields

    def get_state(self, row: Appointment) -> str:
        """``current``, ``ending``, ``past`` or ``future``."""
        return queries.state_of(row)


class GrantViewSet(ScopedViewSet[Appointment]):
    """All posts for the security and the audit administrator, none for anybody else."""

    queryset = Appointment.objects.all()
    serializer_class = GrantSerializer
    filterset_class = GrantFilter

    def get_queryset(self) -> Any:
        """Not by sight: these two hold no post."""
        return queries.grants(cast("User", self.request.user)).order_by("-since", "-pk")


def _download(file: StoredFile | None) -> FileResponse | Response:
    if file is None:
        raise Http404
    return FileResponse(
        file.file.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
    )
