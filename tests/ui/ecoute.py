"""Run by the system's Python under a session bus: finds the program by AT-SPI, as a screen reader does, and acts on it.

Prints one JSON object: what was seen. Arguments: the id of the process to look for, the seconds it may take.
"""

import contextlib
import json
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402 - the version is chosen first


def children(node):
    for place in range(node.get_child_count()):
        child = node.get_child_at_index(place)
        if child is not None:
            yield child


def walk(node, depth=0):
    yield node
    if depth < 40:
        for child in children(node):
            with contextlib.suppress(Exception):  # what goes away while it is walked is no fault
                yield from walk(child, depth + 1)


def shown(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def named(root, role, name):
    for node in walk(root):
        if node.get_role_name() == role and (node.get_name() or "").startswith(name) and shown(node):
            return node
    return None


def until(find, end):
    while time.monotonic() < end:
        try:
            found = find()
        except Exception:
            found = None
        if found:
            return found
        time.sleep(0.3)
    return None


def program(pid):
    for app in children(Atspi.get_desktop(0)):
        if app.get_process_id() == pid:
            return app
    return None


def press(node):
    for place in range(node.get_n_actions()):
        if node.get_action_name(place) == "Press":
            return node.do_action(place)
    return False


def main(pid, seconds):
    end = time.monotonic() + seconds
    Atspi.init()
    seen = {}
    app = until(lambda: program(pid), end)
    seen["program"] = app.get_name() if app else None
    window = until(
        lambda: next((one for one in children(app) if one.get_role_name() in ("frame", "window")), None), end
    )
    seen["window"] = window.get_name() if window else None
    dossiers = until(lambda: named(window, "page tab", "Dossiers"), end)
    seen["tabs"] = [one.get_name() for one in walk(window) if one.get_role_name() == "page tab" and shown(one)]
    seen["pressed"] = press(dossiers) if dossiers else False
    rows = until(lambda: named(window, "list item", "Couronne") or named(window, "list item", ""), end)
    if rows:
        row_list = rows.get_parent()
        seen["rows"] = [one.get_name() for one in children(row_list) if one.get_role_name() == "list item"]
        seen["list"] = row_list.get_name()
    chosen = until(
        lambda: named(window, "page tab", "Dossiers").get_state_set().contains(Atspi.StateType.SELECTED), end
    )
    seen["chosen"] = bool(chosen)
    seen["headings"] = [one.get_name() for one in walk(window) if one.get_role_name() == "heading" and shown(one)][:20]
    new = named(window, "push button", "Nouveau dossier") or named(window, "button", "Nouveau dossier")
    seen["asked"] = press(new) if new else False
    form = until(lambda: next((one for one in children(app) if one.get_role_name() == "dialog"), None), end)
    seen["form"] = form.get_name() if form else None
    if form:
        until(lambda: named(form, "text", "Titre"), end)
        seen["fields"] = [(one.get_role_name(), one.get_name() or label(one)) for one in walk(form)
                          if one.get_role_name() in ("text", "combo box", "check box") and shown(one)]  # fmt: skip
        give_up = named(form, "push button", "Annuler") or named(form, "button", "Annuler")
        seen["left"] = press(give_up) if give_up else False
    print(json.dumps(seen, ensure_ascii=False))


def label(node):
    for relation in node.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            return relation.get_target(0).get_name()
    return ""


main(int(sys.argv[1]), float(sys.argv[2]))
