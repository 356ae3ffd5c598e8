"""Random requests of every role against a corps full of canaries: ``python -m tests.fuzz --help``."""
