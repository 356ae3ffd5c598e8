"""Backup and restore: one file with database and files, the keys apart, everything checked by digest.

``archive`` knows the file, ``database`` dumps and loads either database, ``keys`` the key file,
``verify`` what must hold of a restored portal, ``rehearsal`` the drill.
"""


class BackupError(Exception):
    """Why it cannot be done: one Chinese sentence."""
