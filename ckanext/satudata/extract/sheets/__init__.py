"""Spreadsheet files: what is looked at before they are parsed, and their cells as text."""
