"""``python3 -m tests.deploy ROOT [--bundle TAR]``: the whole guide, then what it promised; about ten minutes.

ROOT is a folder with Debian 12, e.g. made by
``debootstrap --variant=minbase --include=python3,ca-certificates bookworm ROOT``; it is changed. With
``--bundle`` the packages of section 1 still come over the network, from then on there is none.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from tests.deploy import proofs
from tests.deploy.guide import Guide
from tests.deploy.machine import Machine
from tests.deploy.steps import Operator
from tests.deploy.visitor import Visitor

DOMAIN = "portal.rehearsal.test"
BEGAN = time.monotonic()


def say(text: object) -> None:
    print(f"[{time.monotonic() - BEGAN:6.1f}s, load {os.getloadavg()[0]:.1f}] {text}", flush=True)


def bring_up(operator: Operator, *, offline: bool) -> None:
    """Sections 1 to 7."""
    for step in (operator.packages, operator.folders):
        step()
        say(step.__doc__)
    operator.machine.offline = offline
    for step in (operator.program, operator.database, operator.settings, operator.first_start):
        step()
        say(step.__doc__)
    answers = operator.services()
    assert answers.startswith("ok\n") or "\nok\n" in answers, answers
    say(f"7: {answers.strip()}")


def use(operator: Operator) -> None:
    """Sections 8 to 10 and everything that is to be proved."""
    machine = operator.machine
    gunicorn, visitor = Visitor(machine, DOMAIN, 8000), Visitor(machine, DOMAIN)
    say(f"/readyz 200 after {proofs.until(lambda: proofs.ready(gunicorn), proofs.READY):.1f} s")
    operator.front()
    proofs.headers(visitor)
    proofs.static_files(visitor)
    say("8: https through nginx, all headers, static files")
    telephones = proofs.first_sign_ins(operator, visitor)
    say(f"signed in with one-time passwords and second factor: {', '.join(telephones)}")
    say(f"jobs taken: {proofs.jobs_of_every_queue(operator, visitor, telephones['director'])}")
    say(f"exposure by systemd-analyze: {proofs.units(machine)}")
    say(f"memory of all processes: {proofs.memory(machine)}")
    proofs.timers(machine)
    say("backup and drill by their units")
    say(f"9: {operator.backup_and_drill()}")
    say(f"9: {operator.restore()}")
    proofs.until(lambda: proofs.ready(visitor), proofs.READY)
    proofs.sign_in(visitor, "sysadmin", telephones["sysadmin"])
    say("9: signed in to the restored portal")
    operator.upgrade()
    proofs.until(lambda: proofs.ready(visitor), proofs.READY)
    proofs.sign_in(visitor, "auditadmin", telephones["auditadmin"])
    assert machine.sh("readlink /opt/portal").strip() == "/opt/portal-2"
    say("10: upgraded, signed in")
    proofs.two_groups(machine, visitor, telephones["director"])
    say("13: two web processes and two beats; foreign keys are told")
    proofs.quiet(machine)
    machine.close()
    machine.boot()
    seconds = proofs.until(lambda: proofs.answers(visitor) and proofs.ready(visitor), proofs.READY)
    proofs.sign_in(visitor, "secadmin", telephones["secadmin"])
    say(f"power cut: /readyz 200 by itself {seconds:.1f} s after systemd was up, signed in")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m tests.deploy", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--bundle", type=Path)
    given = parser.parse_args()
    machine = Machine(given.root)
    machine.prepare()
    say("prepared")
    try:
        machine.boot()
        say("booted")
        operator = Operator(machine, Guide(DOMAIN), given.bundle)
        bring_up(operator, offline=given.bundle is not None)
        use(operator)
        say("all is well")
    finally:
        machine.close()


if __name__ == "__main__":
    main()
