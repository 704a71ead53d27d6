"""Where it lives: everything read from or written to disk."""
