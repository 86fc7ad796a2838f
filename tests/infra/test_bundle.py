from __future__ import annotations

import io
import json
import platform
import re
import subprocess
import sys
import zipfile
from email.parser import HeaderParser

import pytest

from infra import bundling
from infra.bundling import API, PYTHON, SENDER, WORKER, BundleError, asset_folder, locked_version
from infra.compiling import find_interpreter
from infra.functions import function_rows
from infra.options import Bundle, Options
from tests.infra.reading import umask

API_DISTRIBUTIONS = {
    "annotated-types",
    "aws-lambda-powertools",
    "botocore",
    "jmespath",
    "pydantic",
    "pydantic-core",
    "python-dateutil",
    "six",
    "typing-extensions",
    "typing-inspection",
    "urllib3",
}
OF_TOKENS = {"cffi", "cryptography", "pyjwt"}
SENDER_DISTRIBUTIONS = API_DISTRIBUTIONS | {"certifi", "h11", "httpcore"}
DISTRIBUTIONS = {
    "api": API_DISTRIBUTIONS | OF_TOKENS | {"multipart"},
    "sender": SENDER_DISTRIBUTIONS,
    "worker": SENDER_DISTRIBUTIONS | OF_TOKENS | {"anyio", "httpx", "idna", "pillow"},
}
ALL = (API, SENDER, WORKER)
MEGABYTE = 1_000_000
ZIPPED_BELOW = {"api": 12 * MEGABYTE, "sender": 8 * MEGABYTE, "worker": 21 * MEGABYTE}
UNZIPPED_BELOW = 250 * MEGABYTE
AARCH64 = 183

# Prints where each client would send its requests, with the botocore of the folder that is given.
ASKS_FOR_ENDPOINTS = """
import sys
services = sys.argv[1].split(",")
sys.path[:0] = sys.argv[2:]
import botocore.session
for region in ("us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"):
    session = botocore.session.Session()
    session.set_credentials("access", "secret")
    for service in services:
        client = session.create_client(service, region_name=region)
        print(service, client.meta.endpoint_url, client.meta.partition)
    print(client.meta.config.signature_version)
print(botocore.__file__, file=sys.stderr)
"""


def test_the_operators_command_is_in_no_bundle():
    package = bundling.SOURCE / bundling.OPERATORS_PACKAGE
    assert (package / "command.py").is_file()
    assert all((bundling.SOURCE / name).is_file() for name in bundling.NOT_FOR_LAMBDA)
    assert not [path for _, path in bundling.own_files() if path.is_relative_to(package)]


@pytest.fixture(scope="module", params=ALL, ids=lambda one: one.name)
def dependencies(request):
    return request.param


@pytest.fixture(scope="module")
def asset(dependencies):
    return asset_folder(dependencies, Bundle.AWS)


@pytest.fixture(scope="module")
def interpreter():
    found = find_interpreter(PYTHON)
    if not found:
        pytest.skip(f"no Python {PYTHON} on this machine to compile for Lambda with")
    return found


@pytest.fixture(scope="module")
def host_bundles(tmp_path_factory):
    """The bundles by the same recipe, but with machine code that this machine can run.

    Made under an umask that keeps new files from all other users.
    """
    with pytest.MonkeyPatch.context() as patch, umask(0o077):
        patch.setattr(bundling, "PLATFORM", f"{platform.machine()}-manylinux_2_28")
        patch.setattr(bundling, "BUILD", tmp_path_factory.mktemp("host"))
        return {one.name: asset_folder(one, Bundle.AWS) for one in ALL}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_lambda_can_read_every_file_though_the_operators_umask_is_strict(host_bundles):
    for asset in host_bundles.values():
        modes = {path.stat().st_mode & 0o777 for path in asset.rglob("*") if path.is_file()}
        assert modes == {0o644}
        folders = {path.stat().st_mode & 0o777 for path in asset.rglob("*") if path.is_dir()}
        assert folders | {asset.stat().st_mode & 0o777} == {0o755}


def test_the_installers_own_files_are_in_no_bundle(asset):
    assert [path.name for path in asset.iterdir() if path.name.startswith(".")] == []


def shared_objects(folder):
    return [path for path in folder.rglob("*") if ".so" in path.suffixes]


def test_a_bundle_holds_what_its_functions_need_in_the_locked_versions(dependencies, asset):
    found = {}
    for file in asset.glob("*.dist-info/METADATA"):
        headers = HeaderParser().parsestr(file.read_text("utf-8"))
        found[headers["Name"].lower().replace("_", "-")] = headers["Version"]
    assert found.keys() == DISTRIBUTIONS[dependencies.name]
    assert found == {name: locked_version(name) for name in found}


def test_every_distribution_keeps_its_licence(asset):
    for folder in asset.glob("*.dist-info"):
        names = {path.name.upper() for path in folder.rglob("*") if path.is_file()}
        assert any(name.startswith("LICEN") for name in names), folder.name


def test_a_bundle_is_small(dependencies, asset):
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in asset.rglob("*"):
            archive.write(path, path.relative_to(asset))
    assert len(zipped.getvalue()) < ZIPPED_BELOW[dependencies.name]
    assert sum(one.stat().st_size for one in asset.rglob("*") if one.is_file()) < UNZIPPED_BELOW


def test_machine_code_is_for_the_processor_of_the_functions(asset):
    machines = {
        path.name: int.from_bytes(path.read_bytes()[18:20], "little")
        for path in shared_objects(asset)
    }
    assert "_pydantic_core.cpython-313-aarch64-linux-gnu.so" in machines
    assert set(machines.values()) == {AARCH64}


def test_no_library_is_missed_by_those_that_are_left():
    worker = asset_folder(WORKER, Bundle.AWS)
    libraries = {path.name for path in (worker / "pillow.libs").iterdir()}
    for path in shared_objects(worker):
        named = re.findall(rb"lib[\w+-]+-[0-9a-f]{8}\.so[.\d]*", path.read_bytes())
        assert {name.decode() for name in named} <= libraries, path.name


def test_botocore_knows_the_services_that_are_used_and_no_other(dependencies, asset):
    data = asset / "botocore" / "data"
    assert {path.name for path in data.iterdir() if path.is_dir()} == dependencies.services
    endpoints = json.loads((data / "endpoints.json").read_text("utf-8"))
    assert len(endpoints["partitions"]) > 1
    for partition in endpoints["partitions"]:
        assert partition["services"].keys() <= dependencies.services


def test_the_code_asks_for_no_service_that_was_taken_out():
    sources = (path.read_text("utf-8") for name, path in bundling.own_files() if name[-3:] == ".py")
    asked = {name for text in sources for name in re.findall(r'clients\.get\("([^"]+)"\)', text)}
    assert {"dynamodb", "s3", "bedrock-runtime"} <= asked <= WORKER.services


def test_a_pruned_botocore_still_makes_its_clients_and_knows_where_they_go(dependencies, asset):
    services = ",".join(sorted(dependencies.services))
    pruned = run(sys.executable, "-B", "-c", ASKS_FOR_ENDPOINTS, services, str(asset))
    whole = run(sys.executable, "-B", "-c", ASKS_FOR_ENDPOINTS, services)
    assert pruned.stderr.startswith(str(asset))
    assert not whole.stderr.startswith(str(asset))
    assert pruned.stdout == whole.stdout


def test_every_module_is_compiled_and_is_not_checked_against_its_source(asset, interpreter):
    assert interpreter
    sources = list(asset.rglob("*.py"))
    assert sources
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        header = compiled.read_bytes()[:8]
        # Bit 0: found by the hash of its source; bit 1, not set: without reading the source.
        assert int.from_bytes(header[4:], "little") == 1, compiled
    assert len(list(asset.rglob("*.pyc"))) == len(sources)


def test_compiled_files_name_the_place_where_lambda_puts_them(asset, interpreter):
    assert interpreter
    for compiled in asset.rglob("*.pyc"):
        assert str(bundling.ROOT).encode() not in compiled.read_bytes(), compiled
    settings = asset / "darkroom" / "__pycache__" / "settings.cpython-313.pyc"
    assert b"/var/task/darkroom/settings.py" in settings.read_bytes()


def test_our_own_packages_are_whole_but_for_what_its_functions_never_enter(dependencies, asset):
    ours = {path.relative_to(bundling.SOURCE).as_posix() for _, path in bundling.own_files()}
    there = {path.relative_to(asset).as_posix() for path in asset.rglob("*.*")}
    missing = ours - {name for name in there if "__pycache__" not in name}
    left_out = tuple(f"{folder}/" for folder in dependencies.leaves_out)
    assert missing == {name for name in ours if name.startswith(left_out)}
    assert all(any(name.startswith(folder) for name in missing) for folder in left_out)
    assert "darkroom/dialects/vendors/powerpost/data.toml" in ours
    assert not [name for name in there if name.startswith(bundling.OPERATORS_PACKAGE)]


def test_what_only_the_worker_needs_is_not_paid_for_by_the_others():
    for lighter in (API, SENDER):
        asset = asset_folder(lighter, Bundle.AWS)
        assert not (asset / "PIL").exists()
        assert not (asset / "httpx").exists()
        assert not (asset / "painter").exists()
        assert not (asset / "writer").exists()
    worker = asset_folder(WORKER, Bundle.AWS)
    assert (worker / "painter" / "painting.py").is_file()
    assert (worker / "writer" / "captioning.py").is_file()


def test_the_local_bundle_is_our_code_alone_and_one_for_all(dependencies):
    local = asset_folder(dependencies, Bundle.CODE)
    assert local == asset_folder(API, Bundle.CODE)
    assert {path.name for path in local.iterdir()} == {"darkroom", "painter", "texts", "writer"}

    def names(ending):
        return {file.name.partition(".")[0] for file in local.rglob(f"*.{ending}")}

    # Each start of a local handler would compile them anew.
    assert names("pyc") == names("py") > {"submit", "worker"}


def test_a_bundle_is_made_once(dependencies):
    first = asset_folder(dependencies, Bundle.AWS)
    made = first.stat().st_ctime_ns
    again = asset_folder(dependencies, Bundle.AWS)
    assert (again, again.stat().st_ctime_ns) == (first, made)


@pytest.mark.skipif(sys.platform != "linux", reason="the recipe is for Linux on any processor")
@pytest.mark.parametrize("row", function_rows(Options.read({})), ids=lambda row: row.name)
def test_a_handler_starts_from_its_bundle_alone(row, host_bundles, interpreter):
    environment = dict.fromkeys(row.settings.environment_names(), "1")
    # Without an issuer: with one, the first thing would be to look for its keys.
    environment |= {
        "JWT_ISSUER": "",
        "FETCH_FROM": "",
        "LOG_LEVEL": "INFO",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    environment["PYTHONPATH"] = str(host_bundles[row.dependencies.name])
    # Without site-packages, and so with nothing but the bundle and the standard library.
    program = f"from darkroom.handlers.{row.name} import handler; print(callable(handler))"
    command = [str(interpreter), "-S", "-c", program]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (result.stderr, result.stdout) == ("", "True\n")


def test_a_package_outside_the_lock_is_refused():
    with pytest.raises(BundleError, match=r"no-such-package is not in requirements\.lock"):
        locked_version("no-such-package")


def test_a_dependency_that_does_not_match_its_hash_is_refused(tmp_path, monkeypatch):
    lock = tmp_path / "requirements.lock"
    text = bundling.LOCK.read_text("utf-8")
    lock.write_text(re.sub(r"sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", text), "utf-8")
    monkeypatch.setattr(bundling, "LOCK", lock)
    with pytest.raises(BundleError, match=r"cannot bundle pydantic for Lambda(.|\n)+[Hh]ash"):
        bundling._install(("pydantic",), tmp_path / "folder")


@pytest.mark.skipif(sys.platform != "linux", reason="the recipe is for Linux on any processor")
def test_tokens_can_be_checked_with_what_is_in_the_bundle(host_bundles, interpreter):
    program = "import darkroom.identity.tokens, cryptography.hazmat.primitives.asymmetric.ec"
    environment = {"PYTHONPATH": str(host_bundles["api"])}
    command = [str(interpreter), "-S", "-c", program]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.stderr == ""
