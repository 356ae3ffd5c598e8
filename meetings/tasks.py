"""Background work of the room: one paper."""

from core.jobs import Work, handler
from meetings.actions.minutes import print_minutes


@handler("meetings.minutes_pdf")
def minutes_pdf(work: Work) -> None:
    """Print the minutes of one filed record."""
    print_minutes(work)
