"""Persons: sealed, opened on record, deleted in time."""
