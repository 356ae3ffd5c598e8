"""Scope: what stands outside the posts held today does not exist, on pages, parts and API."""
