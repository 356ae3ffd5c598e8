"""National-scale data in bulk (``manage.py seed_scale``): the same rows that the real actions would write.

Left out on purpose, because nobody acted: audit entries, hash chains, findings, printed minutes,
personal numbers, notices. Everything else stands as it would: paths, placements, dated standings,
rolls by the register of the day, counters, numbers in their series, duties closed by their meetings.
"""
