"""``python -m tests.resilience.seed --branches N``: a tree with people, posts and two months of work in bulk.

The parts of ``seed_scale`` without the figures by month, which nothing here asks for, and an account
for every political officer, so that every committee has somebody to notify.
"""

from __future__ import annotations

import argparse
from datetime import date

ON = date(2026, 9, 30)
"""The last day of the seed: in the night (:mod:`tests.resilience.storm`) October begins and September is closed."""
MEMBERS = 7
"""Members a branch has on average: some have a committee (from seven), some have groups (from ten)."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.resilience.seed")
    parser.add_argument("--branches", type=int, required=True)
    branches = parser.parse_args().branches
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    build(branches)


def build(branches: int) -> None:
    from django.apps import apps
    from django.db import transaction

    from config.management.scale import bulk, people, tree, work
    from config.management.scale.plan import Plan

    plan = Plan(branches=branches, members=branches * MEMBERS, months=1, on=ON, seed=1)
    sizes = plan.sizes()
    with transaction.atomic():
        forest = tree.build(plan, sizes)
        register = people.Register(plan, forest, sizes)
        register.write()
        people.accounts(register, "nobody signs in")
        work.write(plan)
    bulk.settle(apps.get_models())
    politics()


def politics() -> None:
    """An account for every political officer who has none."""
    from accounts.models import User
    from branches.choices import POLITICAL_OFFICES
    from branches.models import Appointment
    from config.management.scale import bulk
    from core import clock

    posts = Appointment.objects.filter(office__in=POLITICAL_OFFICES, person__user__isnull=True)
    persons = posts.order_by("person").values_list("person", flat=True).distinct()
    now = clock.now()
    bulk.save(
        User, (User(username=f"p{pk:06}", person_id=pk, password="!", created_at=now) for pk in persons)
    )


if __name__ == "__main__":
    main()
