"""Other engines that compare or validate tables, on the same figures: for knowing, without limits.

Each compares values only; what else the gate asks they are not asked. They get the published
figures as Parquet with codes, dates and numbers, and all rows of a file at once. They run in an
environment apart (``requirements-others.txt``), since the portal does not need them.

As a program: ``others.py ENGINE CSV PARQUET``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

ENGINES = ("polars", "datacompy", "vtlengine")
#: frictionless looks at each cell in Python; a tenth of the rows shows what that costs.
VALIDATED = 100_000
_TOLERANCE = 0.005 + 1e-9


def run(folder: Path, runs: int, days: int) -> list[Any]:
    """Measure each engine beside our comparison.

    Args:
        folder: where the data are kept.
        runs: counted runs of each.
        days: size of the world.

    Raises:
        RuntimeError: one did not find the planted conflicts.
    """
    from . import compare, data, timing, world
    from .table import beside

    one = data.usual(days)
    data.require(one, folder)
    path = data.candidate(folder, days)
    part = folder / f"candidate-{days}-head.csv"
    with path.open("rb") as source, part.open("wb") as target:
        target.writelines(line for line, _ in zip(source, range(VALIDATED + 1), strict=False))
    python = _environment(folder)
    published = data.parquet(one, folder)
    program = str(Path(__file__))
    costs = timing.processes(
        {
            "satudata": compare.ours(str(path), one, "same"),
            **{e: [python, program, e, str(path), str(published)] for e in ENGINES},
            "frictionless": [python, program, "frictionless", str(part), ""],
        },
        runs,
    )
    for name in ENGINES:
        if costs[name].found != {"conflicts": world.CONFLICTS}:
            raise RuntimeError(f"{name} found {costs[name].found}")
    ours = replace(costs["satudata"], parts={})
    return [
        *(beside(f"{name}, values compared only", ours, costs[name], None) for name in ENGINES),
        beside(
            f"frictionless validate, {VALIDATED:,} rows only", ours, costs["frictionless"], None
        ),
    ]


def _environment(folder: Path) -> str:
    """A Python that has the engines."""
    home = folder / "others"
    python = home / "bin" / "python"
    wanted = Path(__file__).with_name("requirements-others.txt")
    stamp = home / "installed"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted.read_text("utf-8"):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(wanted)]
        subprocess.run(install, check=True)
        stamp.write_text(wanted.read_text("utf-8"), "utf-8")
    return str(python)


def _candidate(path: str) -> Any:
    import polars as pl

    number = pl.col("harga").str.replace_all(".", "", literal=True).str.replace(",", ".")
    frame = pl.scan_csv(path, separator=";", infer_schema=False)
    return frame.with_columns(number.cast(pl.Float64)).collect()


_KEYS = ["kode_wilayah", "kode_komoditas", "tanggal"]


def _polars(path: str, published: str) -> int:
    import polars as pl

    joined = _candidate(path).lazy().join(pl.scan_parquet(published), on=_KEYS, how="inner")
    different = (pl.col("harga") - pl.col("harga_right")).abs() > _TOLERANCE
    return joined.filter(different).select(pl.len()).collect().item()


def _datacompy(path: str, published: str) -> int:
    import datacompy  # pyright: ignore[reportMissingImports]
    import polars as pl

    compared = datacompy.PolarsCompare(
        _candidate(path), pl.read_parquet(published), join_columns=_KEYS, abs_tol=_TOLERANCE
    )
    return int((~compared.intersect_rows["harga_match"]).sum())


def _vtlengine(path: str, published: str) -> int:
    import polars as pl
    import vtlengine  # pyright: ignore[reportMissingImports]

    columns = [
        *({"name": n, "role": "Identifier", "type": "String", "nullable": False} for n in _KEYS),
        {"name": "harga", "role": "Measure", "type": "Number", "nullable": True},
    ]
    names = ("CALON", "PUBLIK")
    found = vtlengine.run(
        script=f"BEDA := CALON - PUBLIK;"
        f" HASIL <- BEDA [filter harga > {_TOLERANCE} or harga < -{_TOLERANCE}];",
        data_structures={"datasets": [{"name": n, "DataStructure": columns} for n in names]},
        datapoints={
            "CALON": _candidate(path).to_pandas(),
            "PUBLIK": pl.read_parquet(published).to_pandas(),
        },
        use_duckdb=True,
    )
    return len(found["HASIL"].data)


def _frictionless(path: str, _: str) -> int:
    from frictionless import Dialect, Resource, Schema, formats

    code = {"type": "string", "constraints": {"required": True}}
    schema = Schema.from_descriptor(
        {
            "fields": [
                {"name": "kode_wilayah", **code},
                {"name": "kode_komoditas", **code},
                {"name": "tanggal", "type": "date"},
                {"name": "harga", "type": "number", "decimalChar": ",", "groupChar": "."},
            ],
            "primaryKey": _KEYS,
        }
    )
    dialect = Dialect(controls=[formats.CsvControl(delimiter=";")])
    report = Resource(
        os.path.basename(path), basepath=os.path.dirname(path), schema=schema, dialect=dialect
    ).validate()
    return sum(task.stats["errors"] for task in report.tasks)


def main(engine: str, path: str, published: str) -> None:
    """Compare with one engine; print what the bench reads."""
    start = time.perf_counter()
    work = {
        "polars": _polars,
        "datacompy": _datacompy,
        "vtlengine": _vtlengine,
        "frictionless": _frictionless,
    }
    conflicts = work[engine](path, published)
    with open("/proc/self/status", encoding="ascii") as status:
        peak = next(line for line in status if line.startswith("VmHWM"))
    parts = {"work": time.perf_counter() - start}
    megabytes = int(peak.split()[1]) / 1024
    print(json.dumps({"found": {"conflicts": conflicts}, "parts": parts, "megabytes": megabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
