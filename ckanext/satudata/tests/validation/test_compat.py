"""Each change to upstream: that its reason still exists, and that it helps.

Where a reason is gone (``test_reason…`` fails), the change belongs out of ``compat.py``.
"""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

import ckanext.validation
from ckanext.satudata.validation import compat, jobs
from ckanext.validation import jobs as upstream_jobs
from ckanext.validation import model as upstream_model
from ckanext.validation.logic import action as upstream_action


def source_of(name: str) -> str:
    """A module of upstream as it was released, whatever was changed in memory."""
    return (Path(ckanext.validation.__file__).parent / name).read_text(encoding="utf-8")


@pytest.fixture
def fresh_model() -> Any:
    """Upstream's model as it would be without us, on metadata of its own."""
    text = source_of("model.py").replace("from ckan.model.meta import metadata", "metadata = None")
    spec = importlib.util.spec_from_loader("fresh_validation_model", loader=None)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    exec(compile(text, "model.py", "exec"), vars(module))  # noqa: S102
    return module


class TestBindTheTable:
    def test_reason(self, fresh_model: Any) -> None:
        with pytest.raises(AttributeError, match="exists"):
            fresh_model.tables_exist()
        with pytest.raises(TypeError, match="bind"):
            fresh_model.create_tables()

    @pytest.mark.usefixtures("portal")
    def test_upstreams_functions_work(self) -> None:
        assert upstream_model.tables_exist()
        model.Session.remove()
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.text("ALTER TABLE validation RENAME TO validation_aside"))
            connection.execute(sa.text(f"ALTER INDEX {compat.UNIQUE_INDEX} RENAME TO aside_1"))
            connection.execute(sa.text("ALTER INDEX validation_pkey RENAME TO aside_2"))
        try:
            assert not upstream_model.tables_exist()
            upstream_model.create_tables()
            upstream_model.create_tables()
            assert upstream_model.tables_exist()
            indexes = sa.inspect(model.ensure_engine()).get_indexes("validation")
            assert [index["unique"] for index in indexes] == [True]
        finally:
            with model.ensure_engine().begin() as connection:
                connection.execute(sa.text("DROP TABLE IF EXISTS validation"))
                connection.execute(sa.text("ALTER TABLE validation_aside RENAME TO validation"))
                connection.execute(sa.text(f"ALTER INDEX aside_1 RENAME TO {compat.UNIQUE_INDEX}"))
                connection.execute(sa.text("ALTER INDEX aside_2 RENAME TO validation_pkey"))


class TestOneResultPerResource:
    def test_reason(self, fresh_model: Any) -> None:
        table = fresh_model.Validation.__table__
        assert not table.indexes
        assert not [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]

    @pytest.mark.usefixtures("portal")
    def test_a_second_one_is_refused(self) -> None:
        for _ in range(2):
            model.Session.add(upstream_model.Validation(resource_id="satu-saja"))
        with pytest.raises(sa.exc.IntegrityError):
            model.Session.flush()
        model.Session.rollback()

    def test_doing_it_again_changes_nothing(self) -> None:
        compat.apply()
        names = [index.name for index in upstream_model.Validation.__table__.indexes]
        assert names == [compat.UNIQUE_INDEX]


class TestRunOurJob:
    def test_reason(self) -> None:
        text = source_of("jobs.py")
        assert "r = requests.get(schema)" in text
        assert "source = resource[u'url']" in text
        assert "'trusted': True" in text

    def test_ours_is_the_one(self) -> None:
        assert upstream_jobs.run_validation_job is jobs.run_validation_job
        assert upstream_action.run_validation_job is jobs.run_validation_job


class TestWhyThereIsAPluginOfOurOwn:
    """What of upstream's plugin is not used, because CKAN 2.12 took its ground away."""

    def test_its_actions_call_hooks_that_are_gone(self) -> None:
        assert "plugin.before_create(context, data_dict)" in source_of("logic/action.py")

    def test_it_reaches_for_parts_of_the_uploader_that_are_gone(self) -> None:
        from ckan.lib import uploader

        assert "uploader.ALLOWED_UPLOAD_TYPES" in source_of("utils.py")
        assert not hasattr(uploader, "ALLOWED_UPLOAD_TYPES")

    def test_its_state_is_the_processs(self) -> None:
        text = source_of("plugin.py")
        assert "    resources_to_validate = {}\n    packages_to_skip = {}\n" in text

    def test_frictionless_keeps_no_context_per_thread(self) -> None:
        from frictionless import system

        text = inspect.getsource(type(system).use_context)
        assert "finally" not in text
