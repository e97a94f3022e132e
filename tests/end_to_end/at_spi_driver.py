"""Drives a window from outside, over the accessibility bus; run by the system's Python, which has `gi`.

One JSON object a line on stdin, one answer a line on stdout. It knows nothing of the application under test.
"""

import json
import sys
import time
import warnings

import gi

warnings.simplefilter("ignore", DeprecationWarning)  # the names that every version of the binding has

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

POLL_S = 0.05


def walk(node, depth=0):
    if node is None or depth > 40:
        return
    yield node
    try:
        count = node.get_child_count()
    except GLib.Error:
        return
    for place in range(min(count, 400)):
        try:
            child = node.get_child_at_index(place)
        except GLib.Error:
            continue
        yield from walk(child, depth + 1)


def application(name):
    desktop = Atspi.get_desktop(0)
    for place in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(place)
        if app is not None and app.get_name() == name:
            return app
    return None


def is_showing(node):
    states = node.get_state_set()
    return states.contains(Atspi.StateType.SHOWING) and states.contains(Atspi.StateType.VISIBLE)


def matches(node, role, name, exact):
    try:
        if role and node.get_role_name() != role:
            return False
        shown = node.get_name() or ""
        if (shown != name) if exact else (name not in shown):
            return False
        return is_showing(node)
    except GLib.Error:
        return False


def find(command):
    """The first showing element of that role and name; waits for it."""
    deadline = time.monotonic() + command.get("within_s", 20)
    while True:
        root = application(command["app"])
        if root is not None and "inside" in command:
            role, name = command["inside"]
            root = next((node for node in walk(root) if matches(node, role, name, True)), None)
        if root is not None:
            for node in walk(root):
                if matches(node, command.get("role"), command["name"], command.get("exact", True)):
                    return node
        if time.monotonic() > deadline:
            raise LookupError("no %s named %r" % (command.get("role") or "element", command["name"]))
        time.sleep(POLL_S)


def press(node):
    action = node.get_action_iface()
    for place in range(action.get_n_actions()):
        if action.get_action_name(place).lower() in ("press", "toggle", "click"):
            action.do_action(place)
            return
    raise LookupError("%s can't be pressed" % node.get_name())


def describe(node):
    states = node.get_state_set()
    text = node.get_text_iface()
    value = node.get_value_iface()
    return {
        "role": node.get_role_name(),
        "name": node.get_name(),
        "description": node.get_description(),
        "checked": states.contains(Atspi.StateType.CHECKED),
        "enabled": states.contains(Atspi.StateType.ENABLED),
        "focused": states.contains(Atspi.StateType.FOCUSED),
        "text": text.get_text(0, text.get_character_count()) if text else None,
        "value": value.get_current_value() if value else None,
    }


def tree(command):
    app = application(command["app"])
    found = []
    for node in walk(app) if app is not None else ():
        try:
            if is_showing(node):
                found.append("%s: %s" % (node.get_role_name(), node.get_name()))
        except GLib.Error:
            continue
    return found


def obey(command):
    deed = command["do"]
    if deed == "tree":
        return tree(command)
    node = find(command)
    if deed == "press":
        press(node)
    elif deed == "type":
        node.get_editable_text_iface().set_text_contents(command["text"])
    elif deed == "focus":
        node.get_component_iface().grab_focus()
    elif deed == "cell":
        cell = node.get_table_iface().get_accessible_at(command["row"], command["column"])
        return describe(cell)
    elif deed == "rows":
        return node.get_table_iface().get_n_rows()
    elif deed == "where":
        extents = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
        return [extents.x, extents.y, extents.width, extents.height]
    return describe(node)


for line in sys.stdin:
    try:
        answer = {"ok": obey(json.loads(line))}
    except (LookupError, GLib.Error, AttributeError) as error:
        answer = {"error": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(answer), flush=True)
