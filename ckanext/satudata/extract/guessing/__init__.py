"""Guessing what the columns of a table mean, for a person to confirm."""
