"""Build entry point: only what ``setup.cfg`` cannot say lives here."""

from setuptools import setup

setup(
    message_extractors={
        "ckanext": [
            ("satudata/tests/**", "ignore", None),
            ("satudata/language/**", "ignore", None),
            ("**.py", "python", None),
            ("**.js", "javascript", None),
            ("**/templates/**.html", "ckan", None),
        ],
    },
)
