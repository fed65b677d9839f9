"""The files that say what the course needs agree: pyproject.toml, uv.lock, environment.yml, .ci/run, README."""

from __future__ import annotations

import subprocess
import tomllib

import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
LAB = "pip install -q uv && uv run autograder lab"
TEST = "pip install -q uv && uv run pytest"


def _ranges(lines: list[str]) -> dict[str, str]:
    return {(asked := Requirement(line)).name.lower(): str(asked.specifier) for line in lines}


def test_conda_gets_the_same_ranges():
    plain = [line for line in CONDA["dependencies"] if isinstance(line, str)]
    (pip,) = (entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict))
    assert "-e ." in pip
    conda = _ranges(plain) | _ranges([line for line in pip if line != "-e ."])
    wanted = _ranges(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"])
    wanted["python"] = PROJECT["project"]["requires-python"]
    wanted["pip"] = ""
    assert conda == wanted
    assert CONDA["name"] == "sockets"


def test_the_lock_is_up_to_date(program_needed):
    run = subprocess.run(
        [program_needed("uv"), "lock", "--check", "--offline"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("command", [LAB, TEST])
def test_the_readme_gives_the_two_commands(command):
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert command in map(str.strip, lines)


def test_ci_runs_the_readmes_test_command():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == TEST
    assert any(line.startswith("export CI=true") for line in lines)
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    commands = {step.get("run") for job in workflow["jobs"].values() for step in job["steps"]}
    assert {"bash .ci/run", TEST} <= commands
