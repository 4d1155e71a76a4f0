"""What "the same object" and "a conflict" mean: pure, no CKAN, no database, no I/O.

Read in this order: :mod:`vocabulary` (indicator, code list, unit), :mod:`period` and
:mod:`keys` (how an object becomes one integer), :mod:`observations` (figures as
columns), :mod:`tolerance`, :mod:`findings`, :mod:`rules`, and :mod:`engine`.
"""
