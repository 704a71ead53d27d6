"""Write `resources/apropos/licences.toml`: every piece the installed program is made of, its licence and its text.

Run by the Python whose libraries are shipped. What pyproject asks for, and what that asks for in turn, is read from the
installed distributions; `licences.toml`, beside this file, knows what they do not say. `--verifier` writes nothing and
fails when something would change.
"""

import argparse
import json
import platform
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
APROPOS = ROOT / "resources" / "apropos"
KNOWN = tomllib.loads((ROOT / "packaging" / "licences.toml").read_text("utf-8"))
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_HOME = ("homepage", "home", "repository", "source", "source code")
_LEGAL = re.compile(r"licen[cs]e|copying|authors", re.IGNORECASE)


def canonical(name: str) -> str:
    """Return the one spelling of a distribution's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def runtime() -> list[Distribution]:
    """Return what the program needs to run, found from pyproject through every requirement, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting, found = list(project["dependencies"]), dict[str, Distribution]()
    while waiting:
        asked = waiting.pop()
        if not _applies(asked):
            continue
        name = canonical(_NAME.match(asked)[0])  # a requirement begins with a name
        if name not in found:
            found[name] = distribution(name)
            waiting += found[name].requires or []
    return [found[name] for name in sorted(found)]


def _applies(requirement: str) -> bool:
    """Tell whether a requirement holds here; pip's own copy of the standard reader of markers answers."""
    from pip._vendor.packaging.requirements import Requirement

    marker = Requirement(requirement).marker
    return marker is None or marker.evaluate({"extra": ""})


def component(one: Distribution) -> dict[str, str]:
    """Return the row of one distribution."""
    name = canonical(one.metadata["Name"])
    licence = KNOWN["distributions"].get(name) or one.metadata.get("License-Expression")
    if not licence:
        raise SystemExit(f"packaging/licences.toml : la licence de « {name} » est à écrire")
    kept = KNOWN["textes"].get(name)
    return {"nom": one.metadata["Name"], "version": one.version, "licence": licence, "source": _home(one),
            "texte": kept or f"{name}.txt"}  # fmt: skip


def _home(one: Distribution) -> str:
    told = [line.split(",", 1) for line in one.metadata.get_all("Project-URL") or []]
    addresses = {label.strip().lower(): address.strip() for label, address in told}
    return next((addresses[label] for label in _HOME if label in addresses), one.metadata.get("Home-page") or "")


def legal_text(one: Distribution) -> str:
    """Return the licence texts that a distribution carries, each under the name of its file, none twice."""
    texts: dict[str, str] = {}
    for path in sorted(one.files or (), key=str):
        inside = re.match(r"[^/]+\.dist-info/(?:licenses/)?(.+)", str(path))
        if inside and "sboms/" not in str(path) and (_LEGAL.search(inside[1])):
            text = one.locate_file(path).read_text("utf-8", "replace").strip()
            texts.setdefault(text, inside[1])
    if not texts:
        raise SystemExit(f"packaging/licences.toml : « {one.metadata['Name']} » ne porte aucun texte de licence")
    return "\n\n\n".join(f"── {name} ──\n\n{text}" if len(texts) > 1 else text for text, name in texts.items()) + "\n"


def crates(name: str) -> str:
    """Return the list of the Rust libraries that a distribution was built from, with their licences."""
    one = distribution(name)
    lines = set()
    for path in one.files or ():
        if str(path).endswith(".cyclonedx.json"):
            bill = json.loads(one.locate_file(path).read_text("utf-8"))
            for part in bill["components"]:
                licence = ", ".join(said.get("expression", "") for said in part.get("licenses", ()))
                lines.add(f"{part['name']} {part['version']} — {re.sub('  +', ' ', licence)}")
    return "\n".join(sorted(lines, key=str.lower)) + "\n"


def _sqlcipher() -> str:
    from sqlcipher3 import dbapi2

    base = dbapi2.connect(":memory:")
    cipher = base.execute("pragma cipher_version").fetchone()[0].split()[0]
    base.close()
    return f"{cipher}, SQLite {dbapi2.sqlite_version}"


def _inside_tesserocr(pattern: str) -> str:
    import tesserocr

    return re.search(pattern, tesserocr.tesseract_version())[1]


def _heif(key: str, pattern: str) -> str:
    import pillow_heif

    told = pillow_heif.libheif_info()
    words = f"{told['libheif']} {told['encoders']} {told['decoders']}" if key else ""
    return re.search(pattern, words)[1]


def _pillow(kind: str, name: str) -> str:
    from PIL import features

    return str((features.version_codec if kind == "codec" else features.version_module)(name))


def _openssl() -> str:
    from cryptography.hazmat.backends.openssl import backend

    return backend.openssl_version_text().split()[1]


def _pdfium() -> str:
    import pypdfium2_raw

    told = json.loads((Path(pypdfium2_raw.__file__).parent / "version.json").read_text("utf-8"))
    return f"{told['major']}.{told['minor']}.{told['build']}.{told['patch']}"


def _version_of(name: str) -> str:
    try:
        return distribution(name).version
    except PackageNotFoundError:  # only those who make the installer have it
        told = tomllib.loads((APROPOS / "licences.toml").read_text("utf-8"))["composant"]
        return next(row["version"] for row in told if row["nom"].lower().startswith(name))


VERSIONS: dict[str, Callable[[], str]] = {
    "python": platform.python_version,
    "pyinstaller": lambda: _version_of("pyinstaller"),
    "qt": lambda: distribution("PySide6-Essentials").version,
    "pdfium": _pdfium,
    "sqlcipher": _sqlcipher,
    "openssl": _openssl,
    "tesseract": lambda: _inside_tesserocr(r"tesseract (\S+)"),
    "leptonica": lambda: _inside_tesserocr(r"leptonica-(\S+)"),
    "libheif": lambda: _heif("libheif", r"^(\S+)"),
    "libde265": lambda: _heif("decoders", r"libde265[^']*version ([\d.]+)"),
    "x265": lambda: _heif("encoders", r"x265[^']*\(([\d.]+)"),
    "libjpeg": lambda: _pillow("codec", "jpg"),
    "libtiff": lambda: _pillow("codec", "libtiff"),
    "openjpeg": lambda: _pillow("codec", "jpg_2000"),
    "libwebp": lambda: _pillow("module", "webp"),
    "freetype": lambda: _pillow("module", "freetype2"),
    "lcms": lambda: _pillow("module", "littlecms2"),
    "pillow": lambda: distribution("pillow").version,
    "numpy": lambda: distribution("numpy").version,
    "typst": lambda: distribution("typst").version,
    "cryptography": lambda: distribution("cryptography").version,
}


def components() -> list[dict[str, str]]:
    """Return every row, by name."""
    rows = [component(one) for one in runtime()]
    for row in KNOWN["composant"]:
        told: Any = VERSIONS.get(row["version"])
        rows.append({**row, "version": told() if told else row["version"]})
    return sorted(rows, key=lambda row: row["nom"].casefold())


def files() -> Iterator[tuple[Path, str]]:
    """Give what is to be written: the texts, then the table."""
    texts = APROPOS / "textes"
    for one in runtime():
        if canonical(one.metadata["Name"]) not in KNOWN["textes"]:
            yield texts / component(one)["texte"], legal_text(one)
    for name in ("typst", "cryptography"):
        yield texts / f"{name}-bibliotheques.txt", crates(name)
    lines = ["# Written by packaging/licences.py from what is installed; packaging/licences.toml is where to write."]
    for row in components():
        lines += ["", "[[composant]]", *(f"{key} = {json.dumps(row[key], ensure_ascii=False)}" for key in row)]
    yield APROPOS / "licences.toml", "\n".join(lines) + "\n"


def main() -> int:
    """Write, or only compare."""
    words = argparse.ArgumentParser(description="Écrit la liste des licences de ce qui est livré.")
    words.add_argument("--verifier", action="store_true", help="ne rien écrire ; échouer si quelque chose changerait")
    check = words.parse_args().verifier
    changed = [(path, text) for path, text in files() if not path.is_file() or path.read_text("utf-8") != text]
    for path, text in changed:
        print(path.relative_to(ROOT))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
