"""Measured on real servers, side by side with floors and peers; ratios to read, never timed assertions."""
