"""The store parses each content once, and trusts nothing that is not its own."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from astralint.hcl import grammar, store
from astralint.hcl.store import SyntaxStore

PACK = "syntax.pack"
CONTENTS = [b"a = 1\n", 'b "é" {\n  c = "${d}"\n}\n'.encode(), b"broken = \n", b"\xef\xbb\xbfa = 2 # c\n"]


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count what is really parsed."""
    seen: list[str] = []
    real = store.parse

    def counted(text: str, *, json: bool = False, attributes: bool = False) -> store.Parsed:
        seen.append(text)
        return real(text, json=json, attributes=attributes)

    monkeypatch.setattr(store, "parse", counted)
    return seen


def fill(directory: Path) -> list[store.Parsed]:
    kept = SyntaxStore(str(directory))
    parsed = [kept.parse(content) for content in CONTENTS]
    kept.save()
    return parsed


def test_parses_each_content_once(parses: list[str]) -> None:
    memory = SyntaxStore(None)
    first = memory.parse(b"a = 1\n")
    assert memory.parse(b"a = 1\n") is first
    assert len(parses) == 1
    assert memory.parse(b"{}", json=True) != memory.parse(b"{}")


def test_keeps_trees_for_the_next_run(tmp_path: Path, parses: list[str]) -> None:
    directory = tmp_path / "cache" / "syntax"
    first = fill(directory)
    assert len(parses) == len(CONTENTS)
    assert fill(directory) == first
    assert len(parses) == len(CONTENTS)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE((directory / PACK).stat().st_mode) == 0o600
    assert [path.name for path in directory.iterdir()] == [PACK]


def test_adds_to_what_is_there(tmp_path: Path, parses: list[str]) -> None:
    one, two = SyntaxStore(str(tmp_path)), SyntaxStore(str(tmp_path))
    one.parse(CONTENTS[0])
    two.parse(CONTENTS[1])
    one.save()
    two.save()
    again = SyntaxStore(str(tmp_path))
    again.parse(CONTENTS[0])
    again.parse(CONTENTS[1])
    assert len(parses) == 2


def test_saves_when_it_goes_away(tmp_path: Path) -> None:
    kept = SyntaxStore(str(tmp_path))
    kept.parse(CONTENTS[0])
    assert not (tmp_path / PACK).exists()
    del kept
    assert (tmp_path / PACK).exists()


@pytest.mark.parametrize("position", [0, 10, 30, 60, 100, 200, -5])
def test_ignores_what_is_damaged(tmp_path: Path, position: int) -> None:
    first = fill(tmp_path)
    content = bytearray((tmp_path / PACK).read_bytes())
    content[position] ^= 0xFF
    (tmp_path / PACK).write_bytes(content)
    assert fill(tmp_path) == first
    (tmp_path / PACK).write_bytes(content[: len(content) // 2])
    assert fill(tmp_path) == first


@pytest.mark.parametrize("content", [b"", b"something else", store.MAGIC, store.MAGIC + b"\0" * 64])
def test_ignores_and_replaces_what_is_foreign(tmp_path: Path, content: bytes, parses: list[str]) -> None:
    (tmp_path / PACK).write_bytes(content)
    first = fill(tmp_path)
    count = len(parses)
    assert fill(tmp_path) == first
    assert len(parses) == count


def test_another_version_of_the_tree_is_another_cache(
    tmp_path: Path, parses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    monkeypatch.setattr(store, "format_version", lambda: b"\1" * 32)
    fill(tmp_path)
    assert len(parses) == 2 * len(CONTENTS)


def test_distrusts_a_directory_that_others_may_write(tmp_path: Path, parses: list[str]) -> None:
    fill(tmp_path)
    tmp_path.chmod(0o777)
    kept = SyntaxStore(str(tmp_path))
    kept.parse(CONTENTS[0])
    assert len(parses) == len(CONTENTS) + 1
    kept.save()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_distrusts_a_link(tmp_path: Path, parses: list[str]) -> None:
    real = tmp_path / "real"
    fill(real)
    link = tmp_path / "link"
    link.symlink_to(real)
    fill(link)
    assert len(parses) == 2 * len(CONTENTS)


def test_works_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    parsed = fill(tmp_path / "file" / "below")
    assert [bool(result.errors) for result in parsed] == [False, False, True, False]


def test_a_tree_of_the_greatest_depth(tmp_path: Path) -> None:
    content = ("a = " + "[" * 500 + "]" * 500 + "\n").encode()
    for _ in range(2):
        kept = SyntaxStore(str(tmp_path))
        assert kept.parse(content).errors == ()
        kept.save()


def test_other_encodings_are_a_problem() -> None:
    (problem,) = SyntaxStore(None).parse("a = 1\n# ü\n".encode("latin-1")).errors
    assert problem.message == "byte 9 (0xfc, on line 2) is not valid UTF-8"
    assert (problem.start, problem.end) == (8, 8)


def test_a_byte_order_mark_counts_as_a_character() -> None:
    parsed = SyntaxStore(None).parse(b"\xef\xbb\xbfa = 1\n")
    assert parsed.file is not None
    assert parsed.file.body.attributes[0].start == 1


# --- the compiled grammar ---


def run(code: str, **environment: str) -> str:
    source = str(Path(grammar.__file__).parents[2])
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": source, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr == ""
    return run.stdout


PARSE = "import sys, astralint.hcl as h; assert not h.parse('a = [1]').errors; print('lark' in sys.modules)"


def test_the_grammar_is_compiled_once(tmp_path: Path) -> None:
    assert run(PARSE, XDG_CACHE_HOME=str(tmp_path)) == "True\n"
    assert run(PARSE, XDG_CACHE_HOME=str(tmp_path)) == "False\n"
    table = tmp_path / "astralint" / grammar.COMPILED
    assert stat.S_IMODE(table.parent.stat().st_mode) == 0o700
    table.write_bytes(table.read_bytes()[:100])
    assert run(PARSE, XDG_CACHE_HOME=str(tmp_path)) == "True\n"
    assert run(PARSE, XDG_CACHE_HOME=str(tmp_path)) == "False\n"


def test_nothing_is_said_where_no_cache_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run(PARSE, HOME=str(tmp_path / "file" / "home")) == "True\n"


def test_a_cache_that_others_may_write_is_not_used(tmp_path: Path) -> None:
    directory = tmp_path / "astralint"
    directory.mkdir()
    directory.chmod(0o777)
    assert run(PARSE, XDG_CACHE_HOME=str(tmp_path)) == "True\n"
    assert list(directory.iterdir()) == []


def test_the_table_for_a_wheel(tmp_path: Path) -> None:
    target = tmp_path / grammar.COMPILED
    grammar.write_compiled(target)
    code = "import sys, pathlib; from astralint.hcl import grammar; grammar.write_compiled(pathlib.Path(sys.argv[1]))"
    run(code.replace("sys.argv[1]", repr(str(tmp_path / "again"))), PYTHONHASHSEED="7")
    assert target.read_bytes() == (tmp_path / "again").read_bytes()
    assert target.stat().st_size < 50_000


def test_importing_the_package_is_cheap() -> None:
    heavy = "import sys, astralint.hcl; print({'lark', 'hcl2', 'astralint.hcl.parser'} & set(sys.modules))"
    assert run(heavy) == "set()\n"
