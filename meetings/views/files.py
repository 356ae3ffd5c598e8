"""Files of a meeting: attachments and the minutes as a paper."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from core.decisions import Decision
from core.models import Attachment
from core.views import ActionFormView, ReasonActionView, ScopedObjectMixin
from meetings import actions, permissions, queries
from meetings.forms import ReasonForm, UploadForm
from meetings.models import Meeting


class _OfMeeting(ScopedObjectMixin[Meeting]):
    """A page about one record in sight."""

    model = Meeting

    def get_queryset(self) -> Any:
        """With branch and group."""
        return super().get_queryset().select_related("organization", "group")


class AttachView(_OfMeeting, ActionFormView[UploadForm]):
    """Add a file to a draft."""

    form_class = UploadForm
    template_name = "meetings/attach.html"
    success_message = "附件已保存"

    def decide(self) -> Decision:
        """Recorders, while it is a draft."""
        return permissions.can_edit(self.request.actor, self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The record and the files it has."""
        return super().get_context_data(
            meeting=self.object,
            attachments=queries.attachments(self.object),
            **kwargs,
        )

    def act(self, form: UploadForm) -> Meeting:
        """Attach."""
        actions.attach(self.request.actor, self.object, form.cleaned_data["file"])
        return self.object


class _OneAttachment(_OfMeeting):
    """One attachment of a record in sight."""

    def prepare(self) -> None:
        """The record, then its attachment."""
        super().prepare()
        self.attachment = get_object_or_404(
            Attachment.objects.select_related("file"),
            pk=self.kwargs["attachment"],
            subject=self.object.subject,
            removed_at__isnull=True,
        )


class AttachmentView(_OneAttachment):
    """Download; always as a file, never shown inside the portal's own pages."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The file."""
        file = self.attachment.file
        return FileResponse(
            file.file.open("rb"),
            as_attachment=True,
            filename=file.name,
            content_type=file.content_type,
        )


class DetachView(_OneAttachment, ReasonActionView[Meeting, ReasonForm]):
    """Take a file away from a draft, with a reason."""

    form_class = ReasonForm
    title, verb = "移除附件", "移除"
    success_message = "附件已移除"

    def decide(self) -> Decision:
        """Recorders, while it is a draft."""
        return permissions.can_edit(self.request.actor, self.object)

    def act(self, form: ReasonForm) -> Meeting:
        """Detach."""
        actions.detach(self.request.actor, self.attachment, form.cleaned_data["reason"])
        return self.object


class MinutesView(_OfMeeting):
    """The minutes as PDF or .docx."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        """The printed paper; 404 until it is made."""
        document = queries.minutes_of(self.object)
        file = getattr(document, self.kwargs["kind"], None) if document else None
        if file is None:
            raise Http404
        return FileResponse(
            file.file.open("rb"),
            as_attachment=True,
            filename=file.name,
            content_type=file.content_type,
        )
