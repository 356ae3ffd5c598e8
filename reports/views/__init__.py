"""Pages that gather several rooms."""

from reports.views.bulletins import (
    BulletinFileView,
    BulletinListView,
    BulletinView,
    IssueView,
    ReissueView,
    ReturnView,
    ReviewView,
    WordView,
)
from reports.views.cycles import CycleListView, CycleView, FigureView, RunCycleView
from reports.views.grants import GrantList, GrantPage
from reports.views.home import HomeView, OrganizationView, PersonView, SearchView
from reports.views.jobs import JobListView, JobRetryView, NoticeListView, NoticeReadView

__all__ = [
    "BulletinFileView",
    "BulletinListView",
    "BulletinView",
    "CycleListView",
    "CycleView",
    "FigureView",
    "GrantList",
    "GrantPage",
    "HomeView",
    "IssueView",
    "JobListView",
    "JobRetryView",
    "NoticeListView",
    "NoticeReadView",
    "OrganizationView",
    "PersonView",
    "ReissueView",
    "ReturnView",
    "ReviewView",
    "RunCycleView",
    "SearchView",
    "WordView",
]
