"""What every API resource shares: errors as sentences, scope."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework import serializers, viewsets
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response
from rest_framework.views import exception_handler as standard_handler

from core import audit
from core.actor import Actor, traits
from core.decisions import ActionError, NotAllowed, StaleRecord

M = TypeVar("M", bound=Model)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """An action's refusal as a sentence: 403 not allowed, 409 stale, 422; 400 for absurd nesting."""
    _note_refusal(error, context)
    if isinstance(error, ActionError):
        code = 403 if isinstance(error, NotAllowed) else 409 if isinstance(error, StaleRecord) else 422
        body: dict[str, Any] = {"detail": str(error)}
        if error.field:
            body["field"] = error.field
        return Response(body, status=code)
    if isinstance(error, RecursionError):  # a body nested thousands deep; the parser lets it through
        error = ParseError("提交的内容层次过多，无法识别。")
    answer = standard_handler(error, context)
    if answer is not None:
        answer.data = _sayable(answer.data)
    return answer


def _note_refusal(error: Exception, context: dict[str, Any]) -> None:
    """One entry for an act that was refused to a signed-in caller, as the pages keep it."""
    request = context["request"]
    if request.method in audit.SAFE or not isinstance(error, NotAllowed | Http404):
        return
    user = _caller(request)
    if user is None:
        return
    plain = request._request
    by = Actor(user=user, **traits(plain))
    reason = audit.OUT_OF_SIGHT if isinstance(error, Http404) else str(error)
    audit.refuse(by, "", plain.path[:100], reason)


def _caller(request: Any) -> Any:
    """Who is signed in, None for nobody: a refusal may come before the token was looked at, and be wrong too."""
    try:
        return request.user
    except APIException:
        return None


def _sayable(data: Any) -> Any:
    """``data`` without lone surrogates: a refusal repeats what was sent, and UTF-8 cannot hold them."""
    if isinstance(data, dict):
        return {_sayable(key): _sayable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_sayable(item) for item in data]
    return data.encode("utf-8", "replace").decode() if isinstance(data, str) else data


class AnyAccept(DefaultContentNegotiation):
    """For files: they come as what they are, whatever ``Accept`` asks for; refusals come as JSON."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """The first renderer."""
        return renderers[0], renderers[0].media_type


class ReasonSerializer(serializers.Serializer[Any]):
    """A reason for the record."""

    reason = serializers.CharField(max_length=200)


class ScopedViewSet(viewsets.ReadOnlyModelViewSet[M]):
    """A readable resource: rows outside the caller's sight do not exist (404)."""

    def get_queryset(self) -> QuerySet[M]:
        """Only rows visible to the caller; the subclass sets ``queryset`` with its joins."""
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            seen: QuerySet[M] = rows.none()
        else:
            seen = rows.visible_to(self.request.user)
        return seen
