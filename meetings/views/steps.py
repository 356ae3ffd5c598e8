"""The steps of a record: submit, file, return, correct, void, discard, explain, follow up."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from core import clock
from core.decisions import Decision
from core.views import ActionFormView, ActionView, ReasonActionView, ScopedObjectMixin
from meetings import actions, permissions
from meetings.choices import State
from meetings.forms import ExplanationForm, OutcomeForm, ReasonForm
from meetings.models import Meeting, Resolution

FILED = "已归档，相关待办已自动核销"


class _Step(ActionView[Meeting]):
    """One press on one record."""

    model = Meeting

    def get_queryset(self) -> Any:
        """With branch and group."""
        return super().get_queryset().select_related("organization", "group")


class SubmitView(_Step):
    """Hand in; where the same person files, both in one press."""

    title, verb = "提交会议记录", "提交"
    warning = "提交后由书记或主持人归档。"

    @property
    def success_message(self) -> str:  # type: ignore[override]  # depends on who pressed
        """What came of it."""
        return FILED if self.object.state == State.FILED else "已提交，由书记或本次会议的主持人归档"

    def decide(self) -> Decision:
        """Recorders, once the day has come."""
        return permissions.can_submit(self.request.actor, self.object)

    def act(self) -> Meeting:
        """Submit, and file where one press is enough."""
        by, meeting = self.request.actor, self.object
        submit = actions.submit_meeting
        if permissions.can_submit_and_file(by, meeting):
            submit = actions.submit_and_file
        self.object = submit(by, meeting, self.seen_version())
        return self.object

    def seen_version(self) -> int:
        """The version that was checked on the page before; the stored one where none was told."""
        told = self.request.POST.get("version", "")
        return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else self.object.version


class FileView(_Step):
    """归档."""

    title, verb = "归档会议记录", "归档"
    warning = "归档后编号存证，内容不再改动；有误的用更正版说明。"
    success_message = FILED

    def decide(self) -> Decision:
        """Secretary or chair."""
        return permissions.can_file(self.request.actor, self.object)

    def act(self) -> Meeting:
        """File."""
        actions.file_meeting(self.request.actor, self.object)
        return self.object


class DiscardView(_Step):
    """Throw a draft away."""

    title, verb = "删除草稿", "删除草稿"
    warning = "只能删除从未归档的草稿，删除后不能恢复。"
    success_message = "草稿已删除"

    def decide(self) -> Decision:
        """Recorders."""
        return permissions.can_discard(self.request.actor, self.object)

    def act(self) -> str:
        """Discard and go to the list."""
        actions.discard_draft(self.request.actor, self.object)
        return reverse("meetings:list")


class _ReasonStep(ReasonActionView[Meeting, ReasonForm]):
    """One press with a reason."""

    model = Meeting
    form_class = ReasonForm

    def get_queryset(self) -> Any:
        """With branch and group."""
        return super().get_queryset().select_related("organization", "group")


class ReturnView(_ReasonStep):
    """退回."""

    title, verb = "退回修改", "退回"
    success_message = "已退回为草稿"

    def decide(self) -> Decision:
        """Those who log or file."""
        return permissions.can_return(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> Meeting:
        """Return."""
        actions.return_meeting(self.request.actor, self.object, form.cleaned_data["reason"])
        return self.object


class CorrectView(_ReasonStep):
    """更正."""

    title, verb = "更正会议记录", "起草更正版"
    warning = "原版保留可查，更正版沿用编号，归档时写明原因。"

    def decide(self) -> Decision:
        """Recorders, on the version in force."""
        return permissions.can_correct(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> str:
        """Open the corrected draft."""
        draft = actions.correct_meeting(self.request.actor, self.object, form.cleaned_data["reason"])
        return reverse("meetings:edit", args=[draft.pk])


class VoidView(_ReasonStep):
    """作废."""

    title, verb = "作废会议记录", "作废"
    warning = "作废后记录保留可查，已核销的待办重新打开。"
    success_message = "已作废"

    def decide(self) -> Decision:
        """The secretary."""
        return permissions.can_void(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> Meeting:
        """Void."""
        actions.void_meeting(self.request.actor, self.object, form.cleaned_data["reason"])
        return self.object


class ExplainView(ScopedObjectMixin[Meeting], ActionFormView[ExplanationForm]):
    """Keep an explanation with a finding of a filed record."""

    model = Meeting
    form_class = ExplanationForm
    template_name = "core/confirm.html"
    success_message = "说明已随记录保存"

    def decide(self) -> Decision:
        """Recorders."""
        return permissions.can_explain(self.request.actor, self.object)

    def get_initial(self) -> dict[str, Any]:
        """The rule named in the address."""
        return {"rule": self.request.GET.get("rule", "")[:10]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The confirmation page."""
        return super().get_context_data(
            object=self.object,
            title="说明情况",
            verb="保存说明",
            back_url=self.object.get_absolute_url(),
            **kwargs,
        )

    def act(self, form: ExplanationForm) -> Meeting:
        """Explain."""
        data = form.cleaned_data
        actions.explain_finding(self.request.actor, self.object, data["rule"], data["explanation"])
        return self.object


class OutcomeView(ActionFormView[OutcomeForm]):
    """落实情况 of a resolution."""

    form_class = OutcomeForm
    template_name = "core/confirm.html"
    success_message = "已登记落实情况"

    def prepare(self) -> None:
        """The resolution of a meeting in sight."""
        seen = Meeting.objects.visible_to(self.request.user)
        self.resolution = get_object_or_404(
            Resolution.objects.select_related("item__meeting__organization", "item__meeting__group"),
            pk=self.kwargs["pk"],
            item__meeting__in=seen,
        )

    def decide(self) -> Decision:
        """Recorders of the branch."""
        return permissions.can_close_resolution(self.request.actor, self.resolution)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The confirmation page."""
        return super().get_context_data(
            object=self.resolution,
            title="登记决议落实情况",
            verb="登记落实",
            back_url=self.resolution.item.meeting.get_absolute_url(),
            **kwargs,
        )

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"done_on": clock.today()}

    def act(self, form: OutcomeForm) -> Meeting:
        """Close the resolution."""
        data = form.cleaned_data
        actions.close_resolution(self.request.actor, self.resolution, data["done_on"], data["outcome"])
        return self.resolution.item.meeting
