"""``python -m tests.resilience.drafts N``: so many drafts of the secretary; prints their keys."""

import sys
from datetime import date

import django


def main(count: int) -> None:
    from accounts.models import User
    from branches.models import Organization
    from branches.queries import actor_for
    from meetings.actions import start_meeting
    from tests.corps import content

    by, branch = actor_for(User.objects.get(username="secretary")), Organization.objects.get(code="A1")
    made = content(branch, "theme_day", date(2026, 10, 15))
    print(*(start_meeting(by, branch, made).pk for _ in range(count)))


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
