"""The tokens of a template to its parts; what the parts mean together is `template`'s business."""

from __future__ import annotations

from typing import Any

from astralint.hcl import template
from astralint.hcl.reduction import Reduction, Values
from astralint.hcl.syntax import Expression


class TemplateParts(Reduction):
    """Makes the nodes of quoted strings, heredocs and texts that are templates as a whole."""

    def parts_text(self, v: Values) -> list[Any]:
        parts: list[Any] = v[0]
        parts.append(v[1])
        return parts

    def _finish(self, pieces: list[template.Piece], start: int, end: int, *, flushed: bool = False) -> Expression:
        self.longest_chain = max(self.longest_chain, template.nesting(pieces))
        return template.finish(pieces, start, end, flushed=flushed)

    def _sequence(
        self, v: Values, keyword: str, expression: Expression | None, key: str | None = None, value: str = ""
    ) -> list[Any]:
        parts: list[Any] = v[0]
        opening, closing = v[1], v[-1]
        start, end = self.starts[opening], self.ends[closing]
        before = self.ends[opening] - start == 3
        after = end - self.starts[closing] == 2
        parts.append(template.Sequence(start, end, keyword, expression, before, after, key, value))
        return parts

    def parts_interpolation(self, v: Values) -> list[Any]:
        return self._sequence(v, "", v[2])

    def parts_if(self, v: Values) -> list[Any]:
        return self._sequence(v, "if", v[3])

    def parts_keyword(self, v: Values) -> list[Any]:
        return self._sequence(v, self._text(v[2]), None)

    def parts_for_value(self, v: Values) -> list[Any]:
        return self._sequence(v, "for", v[5], None, self._text(v[3]))

    def parts_for_key_value(self, v: Values) -> list[Any]:
        return self._sequence(v, "for", v[7], self._text(v[3]), self._text(v[5]))

    def quoted(self, v: Values) -> Expression:
        pieces: list[template.Piece] = []
        for part in v[1]:
            if isinstance(part, int):
                start, end = self.starts[part], self.ends[part]
                pieces.append(template.Text(start, end, template.unescape(self.text[start:end], start)))
            else:
                pieces.append(part)
        return self._finish(pieces, self.starts[v[0]], self.ends[v[2]])

    def _lines(self, parts: list[Any], *, flushed: bool = False) -> list[template.Piece]:
        pieces: list[template.Piece] = []
        if len(parts) == 1 and isinstance(parts[0], int) and not flushed:
            start, end = self.starts[parts[0]], self.ends[parts[0]]
            return [template.Text(start, end, template.unescape_sequences(self.text[start:end]))]
        for part in parts:
            if isinstance(part, int):
                start = self.starts[part]
                pieces.extend(template.lines_of(start, self.text[start : self.ends[part]]))
            else:
                pieces.append(part)
        return pieces

    def heredoc(self, v: Values) -> Expression:
        start = self.starts[v[0]]
        flushed = self.text.startswith("<<-", start)
        return self._finish(self._lines(v[1], flushed=flushed), start, self.ends[v[2]], flushed=flushed)

    def lone_template(self, v: Values) -> Expression:
        return self._finish(self._lines(v[0]), 0, len(self.text))
