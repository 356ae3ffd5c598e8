"""One process's share of the shots: a database and a corps of its own on the servers of the parent."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.result import Result


def seeds(seed: int, processes: int) -> list[int]:
    """A seed for each process; the first fires what one process alone would fire."""
    return [seed + 1_000_003 * number for number in range(processes)]


def shoot(number: int, requests: int, seed: int, seconds: float, examples: int) -> Result:
    """Build the corps and fire ``requests``, or ``examples`` of each operation of the API when there are any.

    Runs in a process of its own (spawned: Django is not set up before).
    """
    os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"]) / f"share{number}")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import (
        override_settings,
        setup_databases,
        setup_test_environment,
        teardown_databases,
    )

    setup_test_environment()
    warnings.simplefilter("error")
    if os.environ["DB"] != "sqlite":  # there the file stands in DATA_DIR
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"fuzz_{number}"
    old = setup_databases(verbosity=0, interactive=False)
    try:
        from core import clock
        from tests.corps import moment
        from tests.fuzz import run, world
        from tests.permissions.stage import TODAY

        def tell(text: str) -> None:
            print(f"[{number}] {text}", flush=True)

        with override_settings(PASSWORD_ROUNDS=2), clock.at(moment(TODAY)):
            if examples:
                from tests.fuzz import schema

                return schema.run(world.build(), examples, seed, seconds)
            return run.run(world.build(), requests, seed, tell, seconds)
    finally:
        teardown_databases(old, verbosity=0)
