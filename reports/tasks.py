"""Background work of the room: due cycles, one closing, one paper."""

from celery import shared_task

from core.actor import system
from core.jobs import Work, handler
from reports import actions


@shared_task(name="reports.run_due_cycles")
def run_due_cycles() -> None:
    """Submit every cycle whose freezing day has come."""
    actions.run_due(system("周期封账"))


@handler("reports.cycle")
def cycle(work: Work) -> None:
    """Close one period of one committee."""
    actions.freeze(work)


@handler("reports.bulletin_paper")
def bulletin_paper(work: Work) -> None:
    """Print one issued bulletin."""
    actions.print_bulletin(work)
