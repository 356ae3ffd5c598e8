"""The command: real servers, a corps, ``--requests`` shots, a table; exit 1 when anything was found."""

from __future__ import annotations

import argparse
import os
import random
import sys
import warnings

from tests import plugin


def main() -> int:
    """Everything from servers to table."""
    words = argparse.ArgumentParser(prog="python -m tests.fuzz")
    words.add_argument("--requests", type=int, default=130_000)
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    words.add_argument("--minutes", type=float, default=float("inf"), help="end sooner than all requests")
    told = words.parse_args()
    plugin.start()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    try:
        return fuzz(told.requests, told.seed, told.minutes * 60)
    finally:
        plugin.pytest_unconfigure()


def fuzz(requests: int, seed: int, seconds: float) -> int:
    """A database, the corps, the shots."""
    import django

    django.setup()
    from django.db import transaction
    from django.test.utils import (
        override_settings,
        setup_databases,
        setup_test_environment,
        teardown_databases,
    )

    setup_test_environment()
    warnings.simplefilter("error")
    old = setup_databases(verbosity=0, interactive=False)
    try:
        from core import clock
        from tests.corps import moment
        from tests.fuzz import run, world
        from tests.permissions.stage import TODAY

        with override_settings(PASSWORD_ROUNDS=2), clock.at(moment(TODAY)), transaction.atomic():
            result = run.run(world.build(), requests, seed, lambda text: print(text, flush=True), seconds)
            transaction.set_rollback(True)
    finally:
        teardown_databases(old, verbosity=0)
    print(result.table())
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
