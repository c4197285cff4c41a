"""The rooms as docs/architecture.md shows them: a picture and a table, both made from the table of allowed imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support import ROOT
from tests.test_architecture import EVERYBODY, ROOMS

FOR_ALL = frozenset(EVERYBODY.split())
WINGS = ("readers", "writers")  # drawn with their rooms; any other room with rooms in it is one box


def picture() -> str:
    """A Mermaid flowchart: an arrow from a room to each that it may import, but for those that every room may. Within a
    wing an arrow is left out where a longer way of arrows leads to the same room."""
    boxes = sorted({_box(room) for room in ROOMS} - set(WINGS), key=[_box(room) for room in ROOMS].index)
    lines = ["flowchart TD", *(f'  {_id(box)}["{box}"]' for box in boxes if "." not in box)]
    for wing in WINGS:
        inside = [f'    {_id(box)}["{box.partition(".")[2]}"]' for box in boxes if box.startswith(f"{wing}.")]
        itself = [f'    {wing}_all["{wing}/output.py"]'] if wing in ROOMS else []
        lines += [f'  subgraph {wing}_wing["{wing}"]', *itself, *inside, "  end"]
    arrows = list(dict.fromkeys(_arrows()))
    within = [arrow for arrow in arrows if all(name.startswith(WINGS) for name in arrow)]
    shown = [
        arrow for arrow in arrows if arrow not in within or not _leads(*arrow, [way for way in within if way != arrow])
    ]
    return "\n".join([*lines, *(f"  {start} --> {end}" for start, end in shown)])


def _box(room: str) -> str:
    """The box that a room is drawn in."""
    top, _, rest = room.partition(".")
    return f"{top}.{rest.partition('.')[0]}" if rest and top in WINGS else top


def _id(box: str) -> str:
    """The name of a box in the picture; "writers" itself is one of the boxes of its wing."""
    return f"{box}_all" if box in WINGS else box.strip("_").replace(".", "_")


def _arrows() -> Iterator[tuple[str, str]]:
    for room, allowed in ROOMS.items():
        start = _box(room)
        for other in allowed.split():
            end = _box(other)
            if start == end or (end in FOR_ALL and start not in FOR_ALL):
                continue
            wings = [box.partition(".")[0] for box in (start, end)]
            if wings[0] != wings[1]:  # between a room and a wing, one arrow for all rooms of the wing
                yield tuple(f"{wing}_wing" if wing in WINGS else _id(wing) for wing in wings)
            else:
                yield _id(start), _id(end)


def _leads(start: str, end: str, arrows: list[tuple[str, str]]) -> bool:
    """True when a way of arrows leads from one box to the other; there are no circles."""
    return any(first == start and (last == end or _leads(last, end, arrows)) for first, last in arrows)


def table() -> str:
    """One row per room: its folder or module, what it is for, and the rooms that it may import."""
    lines = ["| room | what it is for | may import |", "|---|---|---|"]
    for room, allowed in ROOMS.items():
        others = " ".join(f"`{other}`" for other in allowed.split() if other not in FOR_ALL)
        general = "`model` `issues`" if set(allowed.split()) >= FOR_ALL else ""
        path, purpose = _purpose(room)
        lines.append(f"| `{path}` | {purpose} | {' '.join(filter(None, (others, general))) or '–'} |")
    return "\n".join(lines)


def _purpose(room: str) -> tuple[str, str]:
    """The path of a room and the first line of what it says of itself."""
    folder = ROOT / "pipeline" / room.replace(".", "/")
    module = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    path = (folder if folder.is_dir() else module).relative_to(ROOT).as_posix()
    return f"{path}/" if folder.is_dir() else path, " ".join(docstring.partition("\n\n")[0].split())
