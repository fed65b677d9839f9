"""This Python environment's Jupyter: which kernel `python3` names, and whether nbgrader's Validate is on.

Owns the environment variables that make Jupyter and nbgrader use this environment rather than another.
Must not know the course, its notebooks or who asks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

KERNEL = "python3"
VALIDATE_SERVER = "nbgrader.server_extensions.validate_assignment"
VALIDATE_LAB = "@jupyter/nbgrader"


def prefer_this_environment() -> None:
    """Make this process and those it starts look in this Python's own environment first.

    nbgrader starts `alembic` by name, so the environment's scripts must be on PATH; and Jupyter might take
    kernels and settings from the user's home before the environment's.
    """
    scripts = sysconfig.get_path("scripts")
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if paths[0] != scripts:
        os.environ["PATH"] = os.pathsep.join([scripts, *paths])
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"


def kernel_program() -> str:
    """The program that the kernelspec KERNEL starts, as it is written there."""
    from jupyter_client.kernelspec import KernelSpecManager

    return str(KernelSpecManager().get_kernel_spec(KERNEL).argv[0])


def kernel_is_ours(program: str) -> bool:
    """Whether a kernelspec's program is this environment's Python.

    A bare `python` is: Jupyter replaces it by the Python it runs on. Links are not followed, since every
    virtual environment's Python is a link to the same one.
    """
    if program in {"python", "python3", f"python3.{sys.version_info.minor}"}:
        return True
    ours = Path(sys.executable).absolute().parent
    return os.path.normcase(Path(program).absolute().parent) == os.path.normcase(ours)


def validate_is_enabled() -> bool:
    """Whether nbgrader's Validate button is on in JupyterLab: its server half and its browser half."""
    from jupyter_core.paths import jupyter_config_path, jupyter_path
    from jupyter_server.extension.config import ExtensionConfigManager
    from jupyterlab_server.config import get_page_config

    server = ExtensionConfigManager(read_config_path=jupyter_config_path()).enabled(VALIDATE_SERVER)
    disabled = get_page_config(jupyter_path("labextensions")).get("disabledExtensions", [])
    return bool(server) and not any(name.split(":")[0] == VALIDATE_LAB for name in disabled)


def install_kernel() -> None:
    """Write a kernelspec KERNEL into this environment that starts this Python."""
    _run("ipykernel", "install", "--sys-prefix", "--name", KERNEL)


def enable_validate() -> None:
    """Turn on both halves of nbgrader's Validate button in this environment."""
    _run("jupyter", "server", "extension", "enable", "--sys-prefix", VALIDATE_SERVER)
    _run("jupyter", "labextension", "enable", "--level=sys_prefix", VALIDATE_LAB)


def decline_news() -> None:
    """Answer for the student JupyterLab's question whether it may fetch news; an answer given before is kept.

    Raises OSError if this environment may not be written to.
    """
    path = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.json")
    settings = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    asked = settings.setdefault("@jupyterlab/apputils-extension:notification", {})
    if "fetchNews" not in asked:
        asked |= {"fetchNews": "false", "checkForUpdates": False}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def _run(module: str, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", module, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
