"""Arguments in the form in which the provider plans them: each pair is the provider's own."""

from __future__ import annotations

import pytest

from astralint.aws.rewriting import REWRITES, rewrite, rewritten
from astralint.source.partial import Hole, PartialText

HOLE = Hole("not known")


@pytest.mark.parametrize(
    ("name", "written", "planned"),
    [
        ("protocol", "6", "tcp"),
        ("protocol", "UDP", "udp"),
        ("protocol", "all", "-1"),
        ("protocol", "58", "icmpv6"),
        ("protocol", "50", "50"),
        ("dns_name", "Example.ORG.", "example.org"),
        ("dns_name", "*.Example.org", "\\052.example.org"),
        ("dns_name", "a_b.c", "a_b.c"),
        ("lower_trim_dot", "*.Example.org", "*.example.org"),
        ("user_data", "echo hello", "2e26648e784ec7a0cf4d08534ddda41df35f1a30"),
        ("user_data", "ZWNobw==", "b2d21e771d9f86865c5eff193663574dd1796c8f"),
        ("user_data", "abcd", "5495b32e9479f1b4bd283344793419db4931f664"),
        ("user_data", "", ""),
        ("json", '{ "b": "<", "a": [ 1, 2.50 ] }', '{"a":[1,2.5],"b":"\\u003c"}'),
        ("json", "no json", "no json"),
        (
            "version_first",
            '{ "Statement": [{"Sid": "", "Effect": "Allow"}], "Version": "2012-10-17" }',
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Sid":""}]}',
        ),
        (
            "containers",
            '[{"Name":"b","environment":[{"name":"B","value":"1"},{"value":"2"}],"links":null},{"image":"x","name":"a"}]',
            '[{"image":"x","name":"a"},{"environment":[{"value":"2"},{"name":"B","value":"1"}],"name":"b"}]',
        ),
        ("containers", '[{"name":"b","nope":1}]', None),
    ],
)
def test_a_text_is_rewritten(name: str, written: str, planned: str | None) -> None:
    assert rewrite(name, written) == planned


@pytest.mark.parametrize(
    ("name", "written", "planned"),
    [
        ("json", ('{ "b": "', HOLE, '", "a": 1 }'), ('{"a":1,"b":"', HOLE, '"}')),
        ("json", ("{ ", HOLE), ("{ ", HOLE)),
        ("lower_trim_dot", ("A.", HOLE, ".ORG."), ("a.", HOLE, ".org")),
        ("lower", ("A", HOLE), ("a", HOLE)),
        ("user_data", ("echo ", HOLE), None),
        ("protocol", (HOLE,), None),
    ],
)
def test_what_is_known_in_part_stays_so(
    name: str, written: tuple[str | Hole, ...], planned: tuple[str | Hole, ...] | None
) -> None:
    made = rewrite(name, PartialText.of(*written))
    assert made == (None if planned is None else PartialText.of(*planned))


def test_the_table_names_what_is_known() -> None:
    assert rewritten("aws_security_group_rule")["protocol"] == "protocol"
    assert rewritten("aws_instance") == {"user_data": "user_data"}
    assert rewritten("aws_nothing") == {}
    assert {"alias.name", "name"} <= rewritten("aws_route53_record").keys()
    assert set(REWRITES) >= {"protocol", "json"}
