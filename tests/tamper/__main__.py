"""``python -m tests.tamper --manipulations 1000 --seed N``: exit 1 when one is missed.

``DB=sqlite`` takes SQLite. ``--rows N`` also measures how long N audit entries and links take to verify.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import warnings

from tests import plugin


def main() -> int:
    """Everything from servers to table."""
    words = argparse.ArgumentParser(prog="python -m tests.tamper")
    words.add_argument("--manipulations", type=int, default=1000)
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    words.add_argument("--rows", type=int, default=0, help="measure verifying so many entries, a tenth links")
    told = words.parse_args()
    plugin.start()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    try:
        return tamper(told.manipulations, told.seed, told.rows)
    finally:
        plugin.pytest_unconfigure()


def tamper(count: int, seed: int, rows: int) -> int:
    """A database, the records, the manipulations."""
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
        from tests.tamper import measure, run, world

        with override_settings(PASSWORD_ROUNDS=2):
            with transaction.atomic():
                print(f"seed {seed}, {os.environ['DB']}", flush=True)
                result = run.run(world.build(), count, seed, lambda text: print(text, flush=True))
                transaction.set_rollback(True)
            print(result.table(), flush=True)
            if rows:
                print(measure.measured(rows), flush=True)
    finally:
        teardown_databases(old, verbosity=0)
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
