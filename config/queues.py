"""In which queue background work waits: the only place with names of queues.

A long closing of the month must not keep a paper or a roster waiting, so production may give each
queue workers of its own (``celery worker -Q papers``); a worker without ``-Q`` takes them all.
"""

DEFAULT = "default"
JOBS = {
    "reports.cycle": "cycles",
    "members.read_roster": "imports",
    "members.write_roster": "imports",
    "meetings.minutes_pdf": "papers",
    "reports.bulletin_paper": "papers",
}
"""Kind of job → queue; kinds that are not listed wait in the default queue."""

NAMES = (DEFAULT, *sorted(set(JOBS.values())))
