"""What "the same object" and "a conflict" mean: pure, no CKAN, no database, no I/O.

Read in this order: :mod:`vocabulary` (indicator, code list, unit), :mod:`period` and
:mod:`keys` (how an object becomes one integer), :mod:`observations` (figures as columns),
:mod:`tolerance` and :mod:`compare` (when two values agree), :mod:`findings` and
:mod:`rules` (what is said about them), :mod:`checks` (one module per rule), and
:mod:`engine`, which runs them. :mod:`render`, :mod:`records` and :mod:`validatreport` turn
a report into texts, tables and JSON.
"""
