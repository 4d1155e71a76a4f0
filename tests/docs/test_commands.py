"""Every command that the documents tell people to type exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def code_of(text: str) -> str:
    """Only what is code in a Markdown text: fenced blocks and `spans`."""
    blocks = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    return "\n".join(blocks)


@pytest.fixture(scope="module")
def help_text() -> str:
    return subprocess.run(
        [ROOT / "portal", "help"], capture_output=True, text=True, check=True
    ).stdout


class TestPortal:
    def test_documents_use_only_commands_that_help_names(self, sources, help_text):
        known = set(re.findall(r"^  ([a-z]+)", help_text, re.MULTILINE))
        used = {
            (page, command)
            for page, text in sources.items()
            for command in re.findall(r"\./portal ([a-z]+)", code_of(text))
        }
        assert {"up", "test"} <= {command for _, command in used}
        assert {(page, command) for page, command in used if command not in known} == set()

    @pytest.mark.parametrize("command", ["./portal up", "./portal test"])
    def test_readme_shows_the_two_commands_as_they_are_typed(self, command, sources):
        blocks = "\n".join(re.findall(r"```sh\n(.*?)```", sources["README.md"], re.DOTALL))
        lines = [line.partition("#")[0].strip() for line in blocks.splitlines()]
        assert command in lines


class TestCkan:
    def test_documents_use_only_subcommands_that_exist(self, sources):
        from ckanext.satudata.cli import satudata
        from ckanext.satudata.validation.cli import validation

        groups = {"satudata": satudata, "validation": validation}
        pattern = re.compile(r"\bckan (?:-c ckan\.ini )?(satudata|validation)((?: [a-z-]+)+)")
        used = [
            (page, group, words.split())
            for page, text in sources.items()
            for group, words in pattern.findall(code_of(text))
        ]
        wrong = [u for u in used if _missing(groups[u[1]], u[2])]
        assert {u[1] for u in used} == set(groups)
        assert wrong == []

    def test_every_subcommand_is_described(self, sources):
        from ckanext.satudata.cli import satudata

        described = sources["admin/commands.md"]
        assert [n for n in satudata.commands if f"ckan satudata {n}" not in described] == []


def _missing(group: click.Group, words: list[str]) -> bool:
    """Whether the words begin with a command that the group (or a group in it) does not have."""
    command = group.commands.get(words[0])
    if isinstance(command, click.Group) and len(words) > 1:
        return _missing(command, words[1:])
    return command is None


class TestLinks:
    @pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
    def test_lead_to_files_that_exist(self, page, sources):
        targets = _LINK.findall(sources[page])
        assert targets
        assert [t for t in targets if not (ROOT / t).exists()] == []
