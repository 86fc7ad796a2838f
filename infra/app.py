"""Synthesizes the stack into a cloud assembly: for `cdk deploy`, and for `python infra/app.py`.

Both read the same cdk.json, so that both give the same template.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aws_cdk as cdk

ROOT = Path(__file__).resolve().parents[1]
# Run as a file, Python looks for modules beside it first, where our `constructs` would hide CDK's.
_OURS = [str(ROOT), str(ROOT / "functions")]
sys.path[:] = [*_OURS, *(path for path in sys.path if path not in {*_OURS, str(ROOT / "infra")})]

from infra.errors import SynthesisError  # noqa: E402
from infra.node import use_packaged_node  # noqa: E402
from infra.options import Options  # noqa: E402

# What the command line adds by itself; SAM finds the code by it.
METADATA = {"aws:cdk:enable-asset-metadata": True, "aws:cdk:enable-path-metadata": True}


def synthesize(context: Mapping[str, object], output: str | None = None) -> Path:
    """Write the cloud assembly and return its folder. An open finding of cdk-nag raises."""
    return Path(build(context, output).synth().directory)


def build(context: Mapping[str, object], output: str | None = None) -> cdk.App:
    use_packaged_node(os.environ)
    # CDK starts Node when it is imported, so not before it has been told which.
    import aws_cdk as cdk  # noqa: PLC0415
    from cdk_nag import AwsSolutionsChecks  # noqa: PLC0415

    from infra.stack import DarkroomStack  # noqa: PLC0415

    app = cdk.App(context=_standing_context(), post_cli_context=dict(context), outdir=output)
    environment = cdk.Environment(
        account=os.environ.get("CDK_DEFAULT_ACCOUNT"), region=os.environ.get("CDK_DEFAULT_REGION")
    )
    DarkroomStack(app, Options.read(app.node.get_all_context()), environment)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks())
    return app


def _standing_context() -> dict[str, object]:
    """The command line reads cdk.json by itself, plain Python does not."""
    settings: dict[str, dict[str, object]] = json.loads((ROOT / "cdk.json").read_text("utf-8"))
    return {**METADATA, **settings["context"]}


def _pair(argument: str) -> tuple[str, str]:
    key, equals, value = argument.partition("=")
    if not equals:
        message = f"wanted key=value, got {argument!r}"
        raise argparse.ArgumentTypeError(message)
    return key, value


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Synthesize Darkroom's stack.")
    parser.add_argument("-c", "--context", action="append", type=_pair, default=[])
    parser.add_argument("-o", "--output", help="the folder to write; cdk.out unless given")
    given = parser.parse_args(arguments)
    try:
        # Under the command line CDK_OUTDIR names the folder, and wins over nothing being given.
        output = given.output or (None if "CDK_OUTDIR" in os.environ else str(ROOT / "cdk.out"))
        synthesize(dict(given.context), output)
    except SynthesisError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
