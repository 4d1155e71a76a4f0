"""Satu Data for an Indonesian kabupaten, as a CKAN extension."""
