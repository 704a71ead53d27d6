# Sourced by start.sh and test.sh: system packages, then a virtual environment with the program in it.
# shellcheck shell=bash

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/.venv"

QT_PACKAGES=(libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
    libxcb-image0 libxcb-render-util0 libxcb-xinerama0 libxcb-randr0 libxcb-xkb1 libdbus-1-3 libfontconfig1
    libglib2.0-0 libglib2.0-bin fonts-dejavu-core fonts-open-sans)
RUN_PACKAGES=(ca-certificates python3 python3-venv tesseract-ocr-fra "${QT_PACKAGES[@]}")
TEST_PACKAGES=(strace e2fsprogs xvfb at-spi2-core dbus gir1.2-atspi-2.0 python3-gi)

say() { printf '%s\n' "$*" >&2; }

is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

# On Ubuntu 24.04 and Debian 13 some packages carry a t64 suffix: either name counts as installed.
install_system() {
    local missing=() package
    if ! command -v apt-get >/dev/null 2>&1; then
        if ! command -v python3 >/dev/null 2>&1; then
            say "Installez Python 3.11 ou plus récent, Tesseract avec le français (fra) et les bibliothèques xcb de Qt, puis relancez."
            exit 1
        fi
        return 0
    fi
    for package in "$@"; do
        is_installed "$package" || is_installed "${package}t64" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then return 0; fi
    local elevate=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "Il manque des paquets du système. Demandez à l’administrateur : apt install ${missing[*]}"
            return 0
        fi
        elevate=(sudo)
    fi
    say "Installation des paquets du système : ${missing[*]}"
    "${elevate[@]}" apt-get update -qq
    "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

find_python() {
    local candidate
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    say "Python 3.11 ou plus récent est nécessaire, avec son module venv. Installez-le, puis relancez."
    return 1
}

# set_up EXTRA PACKAGE... : EXTRA is empty or the name of an optional group of pyproject.toml.
# A stamp makes the second start free: it changes with pyproject.toml, the extra and the place.
set_up() {
    local extra="$1" python stamp wanted target
    shift
    stamp="$VENV/.installed${extra:+-$extra}"
    wanted="$(sha256sum "$ROOT/pyproject.toml" | cut -d' ' -f1) $ROOT"
    if [ -x "$VENV/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return 0; fi
    install_system "$@"
    python="$(find_python)"
    say "Préparation de l’environnement dans $VENV (quelques minutes la première fois)…"
    "$python" -m venv "$VENV"
    target="$ROOT${extra:+[$extra]}"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check -e "$target" ||
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check -e "$target"
    printf '%s\n' "$wanted" >"$stamp"
}
