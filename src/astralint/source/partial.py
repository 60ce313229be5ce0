"""Text of which only some parts are known.

`arn:aws:iam::${unknown}:role/deploy` still says much: it is no user, and its
name is `deploy`. Policies, ARNs and Terraform's unknown strings share this
form, so that it survives from the evaluator to the decision.
"""

from __future__ import annotations

import msgspec


class Hole(msgspec.Struct, frozen=True):
    """A part that is not known: any text, the empty one included.

    `symbol` names a hole that is equal to every other of the same name
    (`account:production`: an account whose number is not in the code). `reason`
    is for people. Holes without a symbol are equal to nothing, not even to
    themselves.
    """

    reason: str
    symbol: str | None = None

    def __str__(self) -> str:
        return "{" + self.symbol.partition(":")[2] + "}" if self.symbol else "{?}"


class PartialText(msgspec.Struct, frozen=True):
    """Known pieces and holes, in order; no empty pieces, no two pieces side by side."""

    parts: tuple[str | Hole, ...]

    @classmethod
    def of(cls, *parts: str | Hole | PartialText) -> PartialText:
        """Join parts into the normal form."""
        joined: list[str | Hole] = []
        for part in parts:
            for piece in part.parts if isinstance(part, PartialText) else (part,):
                if isinstance(piece, str):
                    if not piece:
                        continue
                    if joined and isinstance(joined[-1], str):
                        joined[-1] += piece
                        continue
                joined.append(piece)
        return cls(tuple(joined))

    @property
    def known(self) -> str | None:
        """The text where it has no hole, else None."""
        if not self.parts:
            return ""
        if len(self.parts) == 1 and isinstance(self.parts[0], str):
            return self.parts[0]
        return None

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)
