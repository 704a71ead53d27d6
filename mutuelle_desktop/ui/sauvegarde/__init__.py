"""Backups on screen: where, when, how many; the list of snapshots; giving one back; the one made at exit."""
