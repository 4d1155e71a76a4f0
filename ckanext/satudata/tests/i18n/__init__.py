"""Tests of the translations and of texts kept in two languages."""
