"""What the OpenAPI description says of every operation; a module of its own, because DRF imports it early."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.serializers import ChoiceField

Direction = Literal["request", "response"]
JSON = "application/json"
SHAPES: dict[str, dict[str, Any]] = {
    "Refusal": {
        "type": "object",
        "properties": {
            "detail": {"type": "string", "description": "一句话说明原因"},
            "field": {"type": "string", "description": "有问题的栏目"},
        },
        "required": ["detail"],
    },
    "BadInput": {
        "type": "object",
        "description": "各栏目的问题，或者只有 detail 一句话",
        "additionalProperties": {},
    },
}
REFUSALS = {
    "400": ("BadInput", "提交的内容无法识别或不符合要求"),
    "401": ("Refusal", "没有登录，或者令牌无效"),
    "403": ("Refusal", "没有办理权限，或者须先办理其他事项"),
    "404": ("Refusal", "不存在，或者不在本人可见范围内"),
    "406": ("Refusal", "不能按要求的格式回答"),
}
"""What any operation may answer instead, by status: core.api, core.views.errors and DRF itself."""
REFUSED_WRITES = {
    "409": ("Refusal", "记录已被他人修改"),
    "413": ("Refusal", "内容超过上限"),
    "415": ("Refusal", "提交内容的格式不受理"),
    "422": ("Refusal", "不符合办理条件"),
}
"""What an operation that changes something may answer besides."""


class Described(AutoSchema):
    """Adds the refusals that all operations share; what a view declares itself comes first."""

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        """The answers that the view declares and the shared refusals, each with its one sentence."""
        own: dict[str, Any] = super()._get_response_bodies(direction)
        shared = REFUSALS if self.method == "GET" else REFUSALS | REFUSED_WRITES
        answers = {status: self._refusal(shape, words) for status, (shape, words) in shared.items()} | own
        silent = [status for status, answer in own.items() if status >= "400" and "content" not in answer]
        return answers | {each: self._refusal("Refusal", own[each]["description"]) for each in silent}

    def _map_serializer_field(self, field: Any, direction: Direction, bypass_extensions: bool = False) -> Any:
        """A choice that the table leaves empty may be empty in an answer too; DRF drops that on reading."""
        if isinstance(field, ChoiceField) and field.read_only:
            model = getattr(getattr(field.parent, "Meta", None), "model", None)
            field.allow_blank = model is not None and model._meta.get_field(field.source).blank
        return super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]

    def _refusal(self, shape: str, words: str) -> dict[str, Any]:
        """A refusal of that shape, which stands among the components once."""
        component = ResolvedComponent(shape, ResolvedComponent.SCHEMA, SHAPES[shape], shape)  # type: ignore[no-untyped-call]
        self.registry.register_on_missing(component)
        return {"description": words, "content": {JSON: {"schema": component.ref}}}
