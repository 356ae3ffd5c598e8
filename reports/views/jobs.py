"""任务中心 and 消息: what runs for me, what I was told."""

from __future__ import annotations

from typing import Any

from core import clock
from core.models import Job, Notice
from core.views import ActionView, PageView
from core.views.scoped import ScopedMixin
from reports import actions
from reports.choices import JOBS

PAGE = 50


class _OwnJobs(ScopedMixin[Job]):
    """Jobs started by the user; system jobs are for the system administrator."""

    model = Job

    def scoped(self) -> Any:
        """Own jobs; all for 系统管理员."""
        if self.request.viewer.is_sysadmin:
            return Job.objects.all()
        return Job.objects.filter(owner=self.request.user)

    def shown(self, job: Job) -> Job:
        """Own jobs as they are; of others' only what is done, not for whom and with what result."""
        if job.owner_id != self.request.user.pk:
            job.title, job.message, job.result_url = JOBS.get(job.kind, "后台任务"), "", ""
        return job


class JobListView(_OwnJobs, PageView):
    """The task centre."""

    template_name = "reports/jobs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The latest jobs."""
        return super().get_context_data(jobs=[self.shown(job) for job in self.scoped()[:PAGE]], **kwargs)


class JobRetryView(_OwnJobs, ActionView[Job]):
    """Try a failed job again."""

    title, verb = "重新执行", "重新执行"
    success_message = "已重新排队"

    def get_object(self) -> Job:
        """The job as its reader may see it."""
        return self.shown(super().get_object())

    def act(self) -> str:
        """Queue it again from its first attempt."""
        actions.retry_job(self.request.actor, self.object)
        return "/jobs/"

    def get_success_url(self) -> str:
        """The task centre."""
        return "/jobs/"


class NoticeListView(PageView):
    """Messages to the user, newest first."""

    template_name = "reports/notices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The latest messages."""
        return super().get_context_data(
            notices=Notice.objects.filter(user=self.request.user)[:PAGE], **kwargs
        )


class NoticeReadView(ActionView[Notice]):
    """Mark a message as read and go where it leads."""

    model = Notice
    title, verb = "查看消息", "查看"

    def scoped(self) -> Any:
        """Only one's own messages."""
        return Notice.objects.filter(user=self.request.user)

    def act(self) -> str:
        """Mark and go."""
        Notice.objects.filter(pk=self.object.pk, read_at__isnull=True).update(read_at=clock.now())
        return self.object.url or "/notices/"

    def get_success_url(self) -> str:
        """The list of messages."""
        return "/notices/"
