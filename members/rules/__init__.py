"""How people join, are appraised, pay and move: facts and the law in, findings and dates out.

``candidacy`` holds the facts of an admission case, ``candidacy_case`` reads them under the version
of each step, ``candidacy_steps`` knows the order, the other ``candidacy_…`` files hold the rules by
phase, ``candidacy_dates`` derives the dates. ``appraisal``, ``dues`` and ``transfer`` stand alone.
"""
