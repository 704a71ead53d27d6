#!/usr/bin/env bash
# Sets up on the first run, then runs every check: style, types, and all tests without a screen.
set -euo pipefail
# shellcheck source=packaging/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up test "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
cd "$ROOT"
"$VENV/bin/ruff" check
"$VENV/bin/ruff" format --check --quiet
"$VENV/bin/mypy"
QT_QPA_PLATFORM=offscreen exec "$VENV/bin/python" -m pytest "$@"
