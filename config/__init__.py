"""Wiring of the house; Celery finds its application here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
