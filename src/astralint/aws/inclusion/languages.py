"""A text that some patterns match and others don't, or that there is none.

All patterns are run at once: the places that each may have reached are bits of one integer, and a walk over
these integers, shortest texts first, finds a text or has seen all there are. Patterns that a stranger
wrote can make that many: a budget ends it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from astralint.aws.inclusion.patterns import Pattern, glob
from astralint.aws.wildcard import Digit, Gap, Hex, Token, Wild, may_be_equal

MAXIMUM_STEPS = 30_000
"""So many steps are taken for one question."""
MAXIMUM_EXAMPLES = 50
_COLON = ":"
_FRESH = "xyzwvutsrqponmlkjihgfedcbaXYZWVUTSRQPONMLKJIHGFEDCBA0123456789_.~"
_DIGITS = "0123456789"
_HEXADECIMAL = frozenset("0123456789abcdef")
Word = tuple[Token, ...]


class LimitReachedError(Exception):
    """The patterns are too many, or too entangled."""


class Budget:
    """How many steps may still be taken."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take steps; raises LimitReachedError when none are left."""
        self.left -= steps
        if self.left < 0:
            raise LimitReachedError


class Clause(msgspec.Struct, frozen=True):
    """One of the patterns has to match (`wanted`), or none of them may.

    `sure`: what counts is what a pattern matches whatever its holes stand for; else what it may match.
    """

    patterns: tuple[Pattern, ...]
    wanted: bool
    sure: bool = True


ANYTHING = glob("*")
EVERYTHING = Clause((ANYTHING,), wanted=True)


class Alphabet(msgspec.Struct, frozen=True):
    """The characters that a text may have; "" for any."""

    characters: str = ""

    def has(self, word: Word) -> bool:
        """Say whether all characters of a text are among them."""
        return not self.characters or all(not isinstance(one, str) or one in self.characters for one in word)

    def letters(self, patterns: Iterable[Pattern]) -> list[Token]:
        """Return those that patterns tell apart, and one that stands for all others."""
        found: dict[Token, None] = {}
        colon, hole = False, False
        for pattern in patterns:
            colon |= pattern.limit > 0
            for token in pattern.tokens:
                if isinstance(token, str):
                    for one in (token.lower(), token.upper()) if pattern.fold else (token,):
                        found.setdefault(one)
                elif not isinstance(token, Wild):
                    hole = True
                    found.setdefault(token)
        if colon:
            found.setdefault(":")
        if hole:
            found.update(dict.fromkeys(_DIGITS))
        fresh = next((one for one in self.characters or _FRESH if one not in found), None)
        if fresh is not None:
            found.setdefault(fresh)
        allowed = self.characters
        return [one for one in found if not allowed or not isinstance(one, str) or one in allowed]


ANY_CHARACTER = Alphabet()


def find(clauses: Iterable[Clause], alphabet: Alphabet, budget: Budget) -> Word | None:
    """Return a text that all clauses are content with; None where there is none. Raises LimitReachedError."""
    given = list(dict.fromkeys(clauses))
    wanted = [clause for clause in given if clause.wanted]
    unwanted = {pattern for clause in given if not clause.wanted for pattern in clause.patterns if pattern.sure}
    if any(pattern.is_everything for pattern in unwanted):
        return None
    driver = min(wanted, key=_width, default=EVERYTHING)
    rest = [clause for clause in given if clause is not driver]
    # What the driver's holes stand for is what they are; only others may be made to fit.
    own = [pattern if pattern.sure else ANYTHING for pattern in driver.patterns if pattern.sure or not driver.sure]
    left = [pattern for pattern in own if pattern not in unwanted]
    if not left:
        return None
    left.sort(key=lambda pattern: not pattern.is_literal)
    word = _example([Clause(tuple(left), wanted=True), *rest], alphabet, budget)
    if word is not None:
        return word
    machine = _Machine(rest)
    for pattern in left:
        word = None if pattern.is_literal else _walk(pattern, machine, alphabet, budget)
        if word is not None:
            return word
    return None


def _example(clauses: list[Clause], alphabet: Alphabet, budget: Budget) -> Word | None:
    """Return a text that a person likes to read, made from one of the patterns."""
    machine = _Machine(clauses)
    tried: set[Word] = set()
    for number, clause in enumerate(clauses):
        # Of those that the texts have to come from all, for what is a literal is not looked for any other way.
        patterns = clause.patterns if number == 0 else clause.patterns[:MAXIMUM_EXAMPLES]
        for pattern in patterns if clause.wanted else ():
            for word in _examples(pattern):
                if word not in tried and alphabet.has(word):
                    tried.add(word)
                    budget.spend(1 + len(word) * (1 + machine.size // 512) // 8)
                    if machine.accepts(word):
                        return word
    return None


def _width(clause: Clause) -> tuple[bool, int, int]:
    wide = sum(not pattern.is_literal for pattern in clause.patterns)
    return not clause.sure, wide, len(clause.patterns)


def accepted(clauses: Iterable[Clause], texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts that all clauses are content with."""
    machine = _Machine(clauses)
    yield from (text for text in texts if machine.accepts(tuple(text)))


def _examples(pattern: Pattern) -> Iterator[Word]:
    """Yield texts that a pattern matches and that a person likes to read."""
    if pattern.is_literal:
        yield pattern.tokens
        return
    for filling in ("example", ""):
        yield tuple(_filled(pattern.tokens, filling))


_FIELD_FILLINGS = {1: "aws", 2: "s3", 3: "eu-west-1", 4: "123456789012"}


def _filled(tokens: Word, filling: str) -> Iterator[Token]:
    field, alone = 0, True
    for index, token in enumerate(tokens):
        if token is Wild.ANY:
            # A field that is a star as a whole.
            whole = alone and index + 1 < len(tokens) and tokens[index + 1] == ":"
            yield from _FIELD_FILLINGS.get(field, filling) if whole and filling else filling
        else:
            yield "x" if token is Wild.ONE else token
        alone = token == _COLON
        field += alone


class _Machine:
    """The patterns of some clauses, run at once."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self.start = self.stars = 0
        self.size = 0
        self.patterns: list[Pattern] = []
        self._places: list[tuple[int, Pattern, bool]] = []
        self._needs: list[tuple[int, int, bool]] = []
        self._always = 0
        self._passes: dict[Token, tuple[int, int]] = {}
        self._exact: dict[Token, int] = {}
        self._folded: dict[Token, int] = {}
        self._ones = self._limited_ones = self._limited_stars = 0
        self._open: list[tuple[int, Token]] = []
        for clause in clauses:
            accept = whole = 0
            for pattern in clause.patterns:
                if clause.sure and not pattern.sure:
                    continue
                begin = self.size
                self._add(pattern if pattern.sure else ANYTHING, clause.sure)
                accept |= 1 << (self.size - 1)
                whole |= ((1 << (self.size - begin)) - 1) << begin
                last = pattern.tokens[-1] if pattern.tokens else None
                if last is Wild.ANY and pattern.limit < len(pattern.tokens) and not clause.wanted:
                    self._always |= 1 << (self.size - 1)
            self._needs.append((accept, whole, clause.wanted))
        self.start = self.closed(self.start)

    def _add(self, pattern: Pattern, sure: bool) -> None:
        self.patterns.append(pattern)
        self._places.append((self.size, pattern, sure))
        self.start |= 1 << self.size
        exact = self._folded if pattern.fold else self._exact
        for index, token in enumerate(pattern.tokens):
            bit = 1 << (self.size + index)
            limited = index < pattern.limit
            if token is Wild.ANY or (not sure and isinstance(token, Gap)):
                self.stars |= bit
                self._limited_stars |= bit if limited else 0
            elif token is Wild.ONE:
                self._ones |= bit
                self._limited_ones |= bit if limited else 0
            else:
                named = token.lower() if pattern.fold and isinstance(token, str) else token
                exact[named] = exact.get(named, 0) | bit
                if not sure and (isinstance(token, Digit | Hex) or token in _HEXADECIMAL):
                    self._open.append((bit, token))
        self.size += len(pattern.tokens) + 1

    def closed(self, state: int) -> int:
        """Return a state with the places behind stars that need not match anything."""
        while True:
            further = state | ((state & self.stars) << 1)
            if further == state:
                return state
            state = further

    def _masks(self, letter: Token) -> tuple[int, int]:
        """Return the places that stay, and those that go on, where a letter is read."""
        found = self._passes.get(letter)
        if found is None:
            stay, go = self.stars, self._exact.get(letter, 0)
            if isinstance(letter, str):
                go |= self._folded.get(letter.lower(), 0)
            if not isinstance(letter, Gap):
                go |= self._ones
            if letter == ":":
                stay &= ~self._limited_stars
                go &= ~self._limited_ones
            if self._open and not isinstance(letter, Gap):
                for bit, token in self._open:
                    go |= bit if may_be_equal(token, letter) else 0
            found = self._passes[letter] = (stay, go)
        return found

    def step(self, state: int, letter: Token) -> int:
        """Return the places after a letter."""
        stay, go = self._masks(letter)
        following = (state & stay) | ((state & go) << 1)
        if isinstance(letter, Gap):
            following |= self._over_hole(state)
        return self.closed(following)

    def _over_hole(self, state: int) -> int:
        """Return the places that patterns may have reached behind a hole, which may be any text."""
        found = 0
        for begin, pattern, sure in self._places:
            if not sure:
                own = (state >> begin) & ((1 << (len(pattern.tokens) + 1)) - 1)
                if own:
                    first = (own & -own).bit_length() - 1
                    found |= (((1 << (len(pattern.tokens) + 1)) - 1) >> first << first) << begin
        return found

    def is_hopeless(self, state: int) -> bool:
        """Say whether no longer text can be accepted."""
        return bool(state & self._always) or any(wanted and not state & whole for _, whole, wanted in self._needs)

    def is_accepted(self, state: int) -> bool:
        """Say whether the text that was read is."""
        return all(bool(state & accept) == wanted for accept, _, wanted in self._needs)

    def accepts(self, word: Word) -> bool:
        """Say whether all clauses are content with a text."""
        state = self.start
        for letter in word:
            state = self.step(state, letter)
        return self.is_accepted(state)


def _walk(pattern: Pattern, machine: _Machine, alphabet: Alphabet, budget: Budget) -> Word | None:
    """Return a shortest text that the pattern matches and the machine accepts."""
    own = _Machine([Clause((pattern,), wanted=True)])
    letters = alphabet.letters((pattern, *machine.patterns))
    start = (own.start, machine.start)
    before: dict[tuple[int, int], tuple[tuple[int, int], Token] | None] = {start: None}
    queue = deque([start])
    cost = 1 + machine.size // 512
    steps = 0
    while queue:
        state = queue.popleft()
        if own.is_accepted(state[0]) and machine.is_accepted(state[1]):
            return _read(before, state)
        for letter in letters:
            first = own.step(state[0], letter)
            steps += cost
            if not first:
                continue
            following = (first, machine.step(state[1], letter))
            if following in before or machine.is_hopeless(following[1]):
                continue
            before[following] = (state, letter)
            queue.append(following)
        budget.spend(cost * len(letters))
        if steps > MAXIMUM_STEPS:
            raise LimitReachedError
    return None


def _read(before: dict[tuple[int, int], tuple[tuple[int, int], Token] | None], state: tuple[int, int]) -> Word:
    found: list[Token] = []
    while (step := before[state]) is not None:
        state, letter = step
        found.append(letter)
    return tuple(reversed(found))


def shown(word: Word) -> str:
    """Return a text for people: what is not known in braces."""
    pieces: list[str] = []
    for token in word:
        if isinstance(token, str):
            pieces.append(token)
        elif isinstance(token, Digit | Hex):
            if token.index == 0:
                pieces.append("{" + token.symbol.partition(":")[2] + "}" if isinstance(token, Digit) else "{?}")
        elif isinstance(token, Gap):
            kind, _, name = (token.symbol or "").partition(":")
            pieces.append("${" + name + "}" if kind == "request" else "{?}")
    return "".join(pieces)
