"""Measurements: ratios of runs taken in turn, in one session, on one machine.

``./portal bench`` starts the services and calls ``python -m bench``.
"""
