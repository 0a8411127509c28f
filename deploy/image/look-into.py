"""look-into.py IMAGE.tar DOCKERFILE JAVA.OPTIONS: fails unless the image holds what it should, as the Dockerfile says it."""

import gzip
import io
import json
import re
import shlex
import sys
import tarfile

FORBIDDEN = re.compile(r"embedded-postgres|-osx-|-windows-|testkit|junit|\.aot$")


def main(image, dockerfile, options):
    files = read(image)
    manifest = json.loads(files[blob(json.loads(files["index.json"])["manifests"][0])])
    config = json.loads(files[blob(manifest["config"])])["config"]
    layers = [names(files[blob(layer)]) for layer in manifest["layers"]]
    for number, layer in enumerate(layers):
        size = manifest["layers"][number]["size"]
        print(f"image: layer {number}: {len(layer)} files, {size} octets, such as {layer[len(layer) // 2]}")

    everything = [name for layer in layers for name in layer]
    wrong = [name for name in everything if FORBIDDEN.search(name)]
    check(not wrong, f"not wanted in an image: {wrong}")
    ours = [n for n, layer in enumerate(layers) if any("postrider" in name.rsplit("/", 1)[-1] or "/classes/" in name for name in layer)]
    others = [n for n, layer in enumerate(layers) if any("vertx-core" in name for name in layer)]
    check(others and ours and max(others) < min(ours), "what others wrote comes in a layer before what we wrote")
    compare(config, instructions(dockerfile), options)
    print("image: as it should be")


def compare(config, said, options):
    check(config["User"] == said["USER"] == "10001:10001", "not root")
    environment = dict(pair.split("=", 1) for pair in config["Env"])
    wanted = dict(pair.split("=", 1) for pair in shlex.split(said["ENV"]))
    check({k: environment.get(k) for k in wanted} == wanted, f"ENV {wanted} but {environment}")
    ports = {port.split("/")[0] for port in config["ExposedPorts"]}
    check(ports == set(said["EXPOSE"].split()), f"EXPOSE {said['EXPOSE']} but {ports}")
    labels = dict(pair.split("=", 1) for pair in shlex.split(said["LABEL"]))
    for name in ("title", "description", "licenses"):
        key = f"org.opencontainers.image.{name}"
        check(config["Labels"].get(key) == labels[key], f"{key}: {config['Labels'].get(key)} but {labels[key]}")
    check(config["Cmd"] == json.loads(said["CMD"]) == ["serve"], "serve, unless told otherwise")
    check(json.loads(said["ENTRYPOINT"])[0] == config["Entrypoint"][0] == "java", "the JVM is process 1, to get the signals")
    with open(options) as file:
        flags = [line for line in file.read().splitlines() if line and not line.startswith("#")]
    missing = [f for f in flags if f not in config["Entrypoint"] and "AOTCache" not in f]
    check(not missing, f"java.options has {missing}, the image not")


def instructions(dockerfile):
    """The last stage's, by name; of several alike the last."""
    with open(dockerfile) as file:
        text = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", file.read()))
    stages = re.split(r"(?m)^FROM ", text)[1:]
    check(len(stages) == 2, "two stages")
    found = {}
    for line in stages[-1].splitlines()[1:]:
        if line.strip():
            name, _, rest = line.partition(" ")
            found[name] = rest.strip()
    for name in ("ENTRYPOINT", "CMD"):
        check(found[name].startswith("["), f"{name} in exec form")
    check("HEALTHCHECK" in found, "a health check")
    return found


def read(path):
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}


def names(layer):
    octets = gzip.decompress(layer) if layer[:2] == b"\x1f\x8b" else layer
    with tarfile.open(fileobj=io.BytesIO(octets)) as tar:
        return [member.name for member in tar if member.isfile()]


def blob(descriptor):
    return "blobs/" + descriptor["digest"].replace(":", "/")


def check(holds, why):
    if not holds:
        sys.exit(f"image: {why}")


main(*sys.argv[1:])
