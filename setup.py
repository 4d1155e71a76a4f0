"""Build entry point: only what ``setup.cfg`` cannot say lives here."""

from pathlib import Path

from setuptools import Extension, setup

_NATIVE = Path("ckanext/satudata/native")

setup(
    ext_modules=[
        Extension(
            "ckanext.satudata.native.kernel",
            sources=sorted(map(str, _NATIVE.glob("*.c"))),
            depends=sorted(map(str, _NATIVE.glob("*.h"))),
            extra_compile_args=["-O3"],
        )
    ],
    message_extractors={
        "ckanext": [
            ("satudata/tests/**", "ignore", None),
            ("satudata/language/**", "ignore", None),
            ("satudata/public/**", "ignore", None),
            ("**.py", "python", None),
            ("**.js", "javascript", None),
            ("**/templates/**.html", "ckan", None),
        ],
    },
)
