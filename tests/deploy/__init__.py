"""The deployment guide followed to the letter in an empty Debian root that boots its own systemd.

``python3 -m tests.deploy ROOT`` as root; standard library only. ``guide`` reads the commands out of
``docs/deploy/README.md``, ``machine`` boots the root, ``steps`` goes through the sections as the text
says, ``proofs`` shows that what came of it works, ``visitor`` is who uses it.
"""
