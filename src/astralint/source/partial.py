"""Text of which only some parts are known.

`arn:aws:iam::${unknown}:role/deploy` still says much: it is no user, and its
name is `deploy`. Policies, ARNs and Terraform's unknown strings share this
form, so that it survives from the evaluator to the decision.
"""

from __future__ import annotations

import msgspec


class Hole(msgspec.Struct, frozen=True, array_like=True):
    """A part that is not known: any text, the empty one included.

    `symbol` names a hole that is equal to every other of the same name
    (`account:production`: an account whose number is not in the code;
    `generated:…`: what a provider makes up for one resource). `reason` is for
    people. Holes without a symbol are equal to nothing, not even to themselves.
    """

    reason: str
    symbol: str | None = None

    def __str__(self) -> str:
        kind, _, name = (self.symbol or "").partition(":")
        return "{" + name + "}" if name and kind != "generated" else "{?}"


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


Text = str | PartialText


def same(left: Text, right: Text) -> bool | None:
    """Say whether two texts are equal; None where their holes leave it open."""
    left_parts = (left,) if isinstance(left, str) else left.parts
    right_parts = (right,) if isinstance(right, str) else right.parts
    if left_parts == right_parts:
        return True if all(isinstance(part, str) or part.symbol for part in left_parts) else None
    if (identity := identity_of(left)) is not None and identity == identity_of(right):
        return True
    left_known = left if isinstance(left, str) else left.known
    right_known = right if isinstance(right, str) else right.known
    if left_known is not None and right_known is not None:
        return left_known == right_known
    if left_known is not None:
        return None if _fits(right_parts, left_known) else False
    if right_known is not None:
        return None if _fits(left_parts, right_known) else False
    return None if _ends_fit(left_parts, right_parts) else False


def identity_of(text: Text) -> str | None:
    """Return what two texts have in common only if they are the same for sure; None where a hole has no symbol.

    What is printed is no identity: every hole without a symbol is printed alike.
    """
    if isinstance(text, str):
        return text
    parts: list[str] = []
    for part in text.parts:
        if isinstance(part, str):
            parts.append(part)
        elif part.symbol is None:
            return None
        else:
            parts.append(f"\0{part.symbol}\0")
    return "".join(parts)


def _fits(parts: tuple[str | Hole, ...], text: str) -> bool:
    """Say whether a text can come out of the parts, each hole taking any text."""
    first, last = parts[0], parts[-1]
    position = 0
    if isinstance(first, str):
        if not text.startswith(first):
            return False
        position = len(first)
    end = len(text)
    if isinstance(last, str) and len(parts) > 1:
        if not text.endswith(last) or end - len(last) < position:
            return False
        end -= len(last)
    for part in parts[1:-1]:
        if isinstance(part, str):
            found = text.find(part, position, end)
            if found < 0:
                return False
            position = found + len(part)
    return True


def _ends_fit(left: tuple[str | Hole, ...], right: tuple[str | Hole, ...]) -> bool:
    """Say whether what is known at both ends of two texts agrees (what lies between holes is not compared)."""
    begin_left, begin_right = (parts[0] if isinstance(parts[0], str) else "" for parts in (left, right))
    end_left, end_right = (parts[-1] if isinstance(parts[-1], str) else "" for parts in (left, right))
    shared_begin = min(len(begin_left), len(begin_right))
    shared_end = min(len(end_left), len(end_right))
    return begin_left[:shared_begin] == begin_right[:shared_begin] and (
        not shared_end or end_left[-shared_end:] == end_right[-shared_end:]
    )
