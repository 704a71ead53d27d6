"""`mutuelle-desktop`: the window, or a command without one."""

import sys


def main() -> int:
    """Choose between window, command and worker by the first words."""
    words = sys.argv[1:]
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


if __name__ == "__main__":
    raise SystemExit(main())
