"""Writes a page of HTML from its template in `templates/html/`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.writers.book.workbook import safe_text

TEMPLATES = Path(__file__).resolve().parents[3] / "templates" / "html"


def write_page(path: Path, template: str, values: Mapping[str, object]) -> None:
    """Writes the page at `path`, in UTF-8. Texts are escaped and lose unprintable characters; a value that the template
    asks for and `values` lacks raises jinja2.UndefinedError."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: safe_text(value) if type(value) is str else value,
    )
    path.write_bytes(environment.get_template(template).render(values).encode("utf-8"))
