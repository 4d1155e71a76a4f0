"""CKAN and its neighbours in Indonesian.

CKAN's own Indonesian catalogue translates a fifth of its texts, and ckanext-scheming and
ckanext-validation have none. Their texts are on every page beside ours, so this package holds a
catalogue of them. It has a plugin of its own, since a plugin of CKAN brings one domain; it can be
left out, or loaded alone.
"""
