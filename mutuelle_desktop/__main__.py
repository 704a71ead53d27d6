"""`mutuelle-desktop`: the window, or a command without one."""

import sys
from pathlib import Path


def main() -> int:
    """Choose between window, command and worker by the first words."""
    words = sys.argv[1:]
    if words[:1] == ["--worker"]:
        from mutuelle_desktop.services.worker import main as serve

        return serve()
    from mutuelle_desktop import cli

    bare = [word for word in words if not word.startswith("-")]
    first = words[0] if words else ""
    named = bare[1] if first == "--donnees" and len(bare) > 1 else bare[0] if bare else ""
    if first in ("-h", "--help") or named in cli.NAMES:
        return cli.main(words)
    given = None
    if first == "--donnees" and len(words) > 1:
        given, words = Path(words[1]), words[2:]
    from mutuelle_desktop import app

    return app.main([Path(word) for word in words], given)


if __name__ == "__main__":
    raise SystemExit(main())
