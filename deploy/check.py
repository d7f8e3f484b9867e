"""Holds the files of deploy/ against what their receivers accept, as far as a machine without those can.

The Kubernetes objects against the API's own schemas, with no unknown field; the AWS Batch job against the service model that
the AWS command line validates with; the workflow against the schema of GitHub Actions; the container file by what it copies.
"""

import json
import pathlib
import re
import subprocess
import sys
import tomllib

import botocore.session
import botocore.validate
import kubernetes_validate
import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
KUBERNETES = "1.33"


def kubernetes() -> None:
    for manifest in yaml.safe_load_all((HERE / "kubernetes.yaml").read_text()):
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def aws_batch() -> None:
    service = botocore.session.get_session().get_service_model("batch")

    def accepted(operation: str, given: dict) -> None:
        report = botocore.validate.ParamValidator().validate(given, service.operation_model(operation).input_shape)
        assert not report.has_errors(), f"{operation}: {report.generate_report()}"

    job = json.loads((HERE / "aws_batch.json").read_text())
    accepted("RegisterJobDefinition", job)
    accepted("SubmitJob", {"jobName": "drsim", "jobQueue": "QUEUE", "jobDefinition": "drsim", "arrayProperties": {"size": 8}})
    mounted = {mount["sourceVolume"] for mount in job["containerProperties"]["mountPoints"]}
    assert mounted == {volume["name"] for volume in job["containerProperties"]["volumes"]}, "a mount without its volume"


def github_actions() -> None:
    schema = ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(HERE / "github_actions.yaml")]
    subprocess.run([pathlib.Path(sys.executable).parent / schema[0], *schema[1:]], check=True, capture_output=True)


def container_file() -> None:
    text = (HERE / "Containerfile").read_text()
    minimum = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["rust-version"]
    built = re.search(r"FROM \S+/rust:([\d.]+)-\S+ AS build", text)
    assert built, "no stage that builds"
    assert [int(n) for n in built[1].split(".")] >= [int(n) for n in minimum.split(".")[:2]], f"Rust {built[1]} < {minimum}"
    # What the build needs must not be ignored.
    ignored = (ROOT / ".dockerignore").read_text().split()
    needed = [*tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["members"], "Cargo.lock", "cli", "scenarios"]
    assert not set(needed) & {name.strip("/") for name in ignored}, "the build's own files are ignored"


def main() -> int:
    for check in (kubernetes, aws_batch, github_actions, container_file):
        check()
        print(f"deploy: {check.__name__.replace('_', ' ')}: accepted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
