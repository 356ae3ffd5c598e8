"""Bulletins: list, page, wording, review, issue, reissue, files."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest

from core import audit
from core.decisions import Decision
from core.views import (
    ActionFormView,
    ActionView,
    ReasonActionView,
    ScopedDetailView,
    ScopedListView,
    ScopedObjectMixin,
)
from reports import actions, permissions
from reports.filters import BulletinFilter
from reports.forms import ReasonForm, WordingForm
from reports.models import Bulletin


class BulletinListView(ScopedListView[Bulletin]):
    """Bulletins the user may read, newest first."""

    model = Bulletin
    template_name = "reports/bulletins.html"
    filterset_class = BulletinFilter
    ordering = ("-cycle__period", "organization__path", "-version")

    def get_queryset(self) -> Any:
        """With the committee, the cycle and the paper."""
        return super().get_queryset().select_related("organization", "cycle", "document")


class _OneBulletin(ScopedObjectMixin[Bulletin]):
    """A page about one bulletin."""

    model = Bulletin

    def get_queryset(self) -> Any:
        """With everything a page needs."""
        return (
            super().get_queryset().select_related("organization", "cycle", "document__pdf", "document__docx")
        )


class BulletinView(_OneBulletin, ScopedDetailView[Bulletin]):
    """The bulletin as it stands, with the next step as a button."""

    template_name = "reports/bulletin.html"
    context_object_name = "bulletin"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What may be done now, by whom, and the history."""
        by, bulletin = self.request.actor, self.object
        return super().get_context_data(
            can_word=permissions.can_word(by, bulletin),
            can_review=permissions.can_review(by, bulletin),
            can_return=permissions.can_return(by, bulletin),
            can_issue=permissions.can_issue(by, bulletin),
            can_reissue=permissions.can_reissue(by, bulletin),
            versions=Bulletin.objects.visible_to(self.request.user)
            .filter(cycle=bulletin.cycle_id)
            .order_by("version"),
            entries=audit.history(bulletin),
            **kwargs,
        )


class WordView(_OneBulletin, ActionFormView[WordingForm]):
    """Wording section by section; numbers cannot be changed here."""

    form_class = WordingForm
    template_name = "reports/word_bulletin.html"
    success_message = "已保存表述"

    def decide(self) -> Decision:
        """Only the department, only while it is a draft."""
        return permissions.can_word(self.request.actor, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form makes one field a section."""
        return super().get_form_kwargs() | {"bulletin": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Sections beside their fields."""
        form = kwargs["form"]
        pairs = [(section, form[section["key"]]) for section in self.object.sections]
        return super().get_context_data(bulletin=self.object, pairs=pairs, **kwargs)

    def act(self, form: WordingForm) -> Bulletin:
        """Save and show the bulletin."""
        actions.word_bulletin(self.request.actor, self.object, form.wordings(), form.cleaned_data["edit"])
        return self.object


class ReviewView(_OneBulletin, ActionView[Bulletin]):
    """核稿."""

    title, verb = "核稿通过", "核稿通过"
    warning = "通过后送党委领导签发；需要再改的，由领导或本部门退回。"
    success_message = "已送签发"

    def decide(self) -> Decision:
        """Only the department."""
        return permissions.can_review(self.request.actor, self.object)

    def act(self) -> Bulletin:
        """Review."""
        actions.review_bulletin(self.request.actor, self.object)
        return self.object


class IssueView(_OneBulletin, ActionView[Bulletin]):
    """签发."""

    title, verb = "签发通报", "签发"
    warning = "签发后编文号、定成文日期并排印，内容不再改动；以后的出入用更正版说明。"
    success_message = "已签发，正在排印"

    def decide(self) -> Decision:
        """A leader who did not review it."""
        return permissions.can_issue(self.request.actor, self.object)

    def act(self) -> Bulletin:
        """Issue."""
        actions.issue_bulletin(self.request.actor, self.object)
        return self.object


class ReturnView(_OneBulletin, ReasonActionView[Bulletin, ReasonForm]):
    """退回."""

    form_class = ReasonForm
    title, verb = "退回修改", "退回"
    success_message = "已退回起草"

    def decide(self) -> Decision:
        """Department or leader."""
        return permissions.can_return(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> Bulletin:
        """Return with a reason."""
        actions.return_bulletin(self.request.actor, self.object, form.cleaned_data["reason"])
        return self.object


class ReissueView(_OneBulletin, ReasonActionView[Bulletin, ReasonForm]):
    """更正."""

    form_class = ReasonForm
    title, verb = "更正通报", "起草更正版"
    warning = "原版保留可查，更正版沿用文号，注明版次和更正原因。"
    success_message = "已建立更正版草稿"

    def decide(self) -> Decision:
        """The department."""
        return permissions.can_reissue(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> Bulletin:
        """Open the next version."""
        return actions.reissue_bulletin(self.request.actor, self.object, form.cleaned_data["reason"])


class BulletinFileView(_OneBulletin):
    """The paper of an issued bulletin as PDF or .docx."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """Download; 404 until it is printed. Taking a paper away is recorded."""
        document = self.object.document
        file = getattr(document, self.kwargs["kind"], None) if document else None
        if file is None:
            raise Http404
        audit.record(self.request.actor, "下载通报", self.object, organization=self.object.organization_id)
        return FileResponse(
            file.file.open("rb"),
            as_attachment=True,
            filename=file.name,
            content_type=file.content_type,
        )
