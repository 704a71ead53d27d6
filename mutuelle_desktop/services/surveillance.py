"""The watched folder: papers that have stopped growing, each offered once."""

from pathlib import Path

from mutuelle_desktop.domain.errors import Unavailable

_PARTIAL = (".part", ".crdownload", ".download", ".tmp", ".partial")

Trace = tuple[int, int]
"""Size in bytes and moment of the last change in nanoseconds."""


class Surveillance:
    """Remembers what a folder looked like, so that a file still being written is left alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, Trace] = {}
        self._offered: dict[Path, Trace] = {}

    def poll(self) -> list[Path]:
        """Return the files unchanged since the last look that were not offered yet; the first look offers none."""
        now = self._look()
        ready = [p for p, trace in now.items() if self._seen.get(p) == trace and self._offered.get(p) != trace]
        self._seen = now
        self._offered.update((path, now[path]) for path in ready)
        return sorted(ready)

    def _look(self) -> dict[Path, Trace]:
        try:
            found = list(self._folder.iterdir())
        except OSError:
            raise Unavailable(
                f"Le dossier surveillé « {self._folder} » ne peut pas être lu. Vérifiez qu’il existe, ou changez-le dans "
                "les réglages."
            ) from None
        traces: dict[Path, Trace] = {}
        for path in found:
            name = path.name.lower()
            if name.startswith((".", "~")) or name.endswith(("~", *_PARTIAL)) or path.is_symlink():
                continue
            try:
                stat = path.stat()
            except OSError:
                continue
            if path.is_file() and stat.st_size > 0:
                traces[path] = (stat.st_size, stat.st_mtime_ns)
        return traces
