"""Persons and users: numbers kept encrypted, sign-in, the three administrators."""
