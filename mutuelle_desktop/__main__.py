"""`mutuelle-desktop`: the window, or a command without one."""

import os
import sys

_FOR_US = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")


def main() -> int:
    """Choose between window, command and worker by the first words."""
    words = sys.argv[1:]
    if getattr(sys, "frozen", False):
        _keep_to_ourselves()
    if words[:1] == ["--worker"]:
        from mutuelle_desktop.services.worker import main as serve

        return serve()
    from mutuelle_desktop import cli

    window = cli.asks_for_window(words)
    if window is None:
        return cli.main(words)
    from mutuelle_desktop import app
    from mutuelle_desktop.services.demarrage import DISCRET

    return app.main(*window, discreet=DISCRET in words)


def _keep_to_ourselves() -> None:
    """Hide where the frozen program's own libraries lie from the programs it opens files with: they have theirs."""
    for name in _FOR_US:
        before = os.environ.pop(f"{name}_ORIG", None)
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before


if __name__ == "__main__":
    raise SystemExit(main())
