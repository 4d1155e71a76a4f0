"""CKAN's API: parse, authorise, call a service, translate errors."""
