"""Configurations of `aws_iam_policy_document` to ask the real provider about: chosen ones, and generated ones."""

from __future__ import annotations

import json
import random
from typing import Any

Case = dict[str, Any]


def _statement(**fields: Any) -> Case:
    return {"statement": [{"actions": ["s3:GetObject"], **fields}]}


def _document(*statements: dict[str, Any], **members: Any) -> str:
    return json.dumps({"Version": "2012-10-17", **members, "Statement": list(statements)})


def _principals(kind: str, *identifiers: str) -> dict[str, Any]:
    return {"type": kind, "identifiers": list(identifiers)}


def _condition(test: str, variable: str, *values: str) -> dict[str, Any]:
    return {"test": test, "variable": variable, "values": list(values)}


_ROOTS = [f"arn:aws:iam::{number * 12}:root" for number in "123"]
_ALLOW = {"Sid": "A", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}

CHOSEN: list[Case] = [
    {},
    {"version": "2008-10-17"},
    {"version": ""},
    {"version": "2020-01-01"},
    {"policy_id": "id"},
    {"policy_id": ""},
    {"statement": []},
    {"statement": [{}]},
    {"statement": [{"effect": "Deny"}]},
    {"statement": [{"effect": "allow"}]},
    {"statement": [{"effect": ""}]},
    _statement(),
    _statement(actions=[]),
    _statement(actions=["s3:b", "s3:a", "s3:B", "s3:*", "s3:a"]),
    _statement(actions=["é", "z", "😀", "\uffff", "a<b>&c\u2028", 'q"\\\n\t\x01\x7f\b\f/']),
    _statement(actions=[""]),
    _statement(actions=["", "a"]),
    _statement(actions=[None]),
    _statement(actions=[None, "a"]),
    _statement(not_actions=["iam:*"]),
    _statement(not_actions=["iam:*", "sts:*"], actions=None),
    _statement(resources=["*"]),
    _statement(resources=["arn:aws:s3:::b/&{aws:username}/*", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::a"]),
    _statement(resources=["%{x}", "&{x}", "$x", "'x", "&{&{y}}", "&"]),
    _statement(not_resources=["arn:aws:s3:::a", "arn:aws:s3:::b"]),
    {"version": "2008-10-17", "statement": [{"resources": ["&{aws:username}"]}]},
    {"version": "2008-10-17", "statement": [{"actions": ["&{aws:username}"], "resources": ["${aws:username}"]}]},
    {"version": "2008-10-17", "statement": [{"principals": [_principals("AWS", "&{x}")]}]},
    {"version": "2008-10-17", "statement": [{"condition": [_condition("StringLike", "a", "&{x}")]}]},
    _statement(sid="a"),
    _statement(sid=""),
    _statement(sid="a b"),
    {"statement": [{"sid": "A", "actions": ["a"]}, {"sid": "A", "actions": ["b"]}]},
    {"statement": [{"sid": "A", "actions": ["a"]}, {"sid": "a", "actions": ["b"]}, {"sid": ""}, {"sid": ""}]},
    _statement(principals=[_principals("*", "*")]),
    _statement(principals=[_principals("*", "*", "a")]),
    _statement(principals=[_principals("*", "a")]),
    _statement(principals=[_principals("AWS", "*")]),
    _statement(principals=[_principals("AWS")]),
    _statement(principals=[_principals("*", "*"), _principals("AWS", "*")]),
    _statement(principals=[_principals("AWS", _ROOTS[0]), _principals("AWS", _ROOTS[0])]),
    _statement(principals=[_principals("AWS", _ROOTS[0]), _principals("AWS", _ROOTS[1])]),
    _statement(principals=[_principals("AWS", _ROOTS[1]), _principals("AWS", _ROOTS[0])]),
    _statement(principals=[_principals("AWS", *_ROOTS), _principals("AWS", _ROOTS[0], "*")]),
    _statement(principals=[_principals("AWS", "x"), _principals("AWS", *_ROOTS)]),
    _statement(principals=[_principals("AWS", "zz"), _principals("AWS", *_ROOTS), _principals("AWS", "b")]),
    _statement(principals=[_principals("Service", "ec2.amazonaws.com", "a"), _principals("AWS", *_ROOTS)]),
    _statement(
        principals=[
            _principals("Federated", "arn:aws:iam::111111111111:oidc-provider/token"),
            _principals("CanonicalUser", "x"),
        ]
    ),
    _statement(principals=[_principals("AWS", "&{aws:x}", "$a", "%b")]),
    _statement(principals=[_principals("AWS", "")]),
    _statement(not_principals=[_principals("AWS", *_ROOTS)]),
    _statement(not_principals=[_principals("*", "*")]),
    _statement(principals=[_principals("AWS", *_ROOTS)], not_principals=[_principals("Service", "a")]),
    _statement(condition=[_condition("StringEquals", "aws:x", "b", "a", "c", "a")]),
    _statement(condition=[_condition("StringEquals", "aws:x", "a")]),
    _statement(condition=[_condition("StringEquals", "aws:x")]),
    _statement(condition=[_condition("StringEquals", "aws:x", "")]),
    _statement(condition=[{"test": "StringEquals", "variable": "x", "values": [None]}]),
    _statement(condition=[{"test": "StringEquals", "variable": "x", "values": ["b", None, "a"]}]),
    _statement(condition=[_condition("StringEquals", "aws:x", "a"), _condition("StringEquals", "aws:x", "b")]),
    _statement(condition=[_condition("StringEquals", "aws:x", "b"), _condition("StringEquals", "aws:x", "a")]),
    _statement(
        condition=[
            _condition("StringEquals", "aws:x", "b", "c"),
            _condition("StringEquals", "aws:x", "a"),
            _condition("StringEquals", "aws:x", "d", "b"),
        ]
    ),
    _statement(
        condition=[
            _condition("StringLike", "z", "a"),
            _condition("StringEquals", "y", "b"),
            _condition("StringEquals", "X", "b"),
        ]
    ),
    _statement(condition=[_condition("StringEquals", "aws:x", "a"), _condition("StringEquals", "aws:x", "a")]),
    _statement(condition=[_condition("StringLike", "aws:&{x}", "&{aws:username}", "${a}")]),
    _statement(
        condition=[_condition("Bool", "aws:MultiFactorAuthPresent", "true")], principals=[_principals("AWS", "*")]
    ),
    {"source_json": "{}"},
    {"override_json": "{}"},
    {"source_json": ""},
]

_SOURCES = [
    _document(_ALLOW),
    _document({"Sid": "A", "Effect": "Deny", "Action": ["b", "a"], "Resource": ["y", "x"]}),
    _document({"Sid": "B", "Effect": "Deny", "Action": "b", "NotResource": ["y", "x"]}, Id="source"),
    _document({"Effect": "Allow", "Principal": "*", "Action": "*"}),
    _document({"Effect": "Allow", "Principal": "arn:aws:iam::111111111111:root", "Action": "*"}),
    _document({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*"}),
    _document({"Effect": "Allow", "Principal": {"AWS": ["a", "c", "b"], "Service": "x"}, "Action": "*"}),
    _document({"Effect": "Allow", "Principal": {"AWS": ["a"]}, "NotPrincipal": {"Service": ["z"]}, "Action": ["x"]}),
    _document({"Effect": "Allow", "Principal": {}, "Action": ["x"]}),
    _document({"Effect": "Allow", "Principal": {"*": "*"}, "Action": ["x"]}),
    _document({"Effect": "Allow", "Principal": {"AWS": []}, "Action": []}),
    _document({"Effect": "Allow", "Principal": None, "Action": "x"}),
    _document({"Effect": "Allow", "Principal": 1, "Action": "x"}),
    _document({"Effect": "Allow", "Principal": {"AWS": 111111111111}, "Action": "x"}),
    _document({"Effect": "Allow", "Principal": {"AWS": [111111111111]}, "Action": "x"}),
    _document({"Effect": "Allow", "Condition": {"Bool": {"a": True, "b": "false", "c": ["x"], "d": ["y", "x"]}}}),
    _document({"Effect": "Allow", "Condition": {"Z": {"b": "1"}, "A": {"c": [], "b": 1}}}),
    _document({"Effect": "Allow", "Condition": {}}),
    _document({"Effect": "Allow", "Condition": None}),
    _document({"Effect": "Allow", "Condition": {"Z": None}}),
    _document({"Effect": "Allow", "Condition": {"Z": "x"}}),
    _document({"Effect": "Allow", "Condition": []}),
    _document({"Effect": "Maybe", "Action": {"b": 1, "a": 1.5}, "Extra": 1}),
    _document({"Effect": "Allow", "Action": 1.0, "Resource": None, "NotAction": 1e25, "NotResource": True}),
    _document({"effect": "Allow", "ACTION": "x", "sid": "lower"}),
    _document({"Sid": 1}),
    _document(),
    json.dumps({"Statement": _ALLOW}),
    json.dumps({"Version": "2008-10-17", "Statement": [_ALLOW]}),
    json.dumps({"Version": "2030-10-17", "Statement": [_ALLOW]}),
    json.dumps({"statement": [_ALLOW], "ID": "x"}),
    json.dumps({"Statement": None}),
    json.dumps({"Statement": "x"}),
    json.dumps({"Version": 1}),
    json.dumps([_ALLOW]),
    "{}",
    "null",
    "1",
    "",
    "not json",
    '{"Statement": [{"Action": "\\u003c&{x}\\ud800"}]}',
    _document({"Sid": "with spaces-", "Effect": "Allow", "Action": "&{a}", "Resource": "&{b}${c}"}),
]

_OWN = {"sid": "A", "actions": ["own:b", "own:a"], "resources": ["*"]}

MERGED: list[Case] = [
    *({"source_policy_documents": [source]} for source in _SOURCES),
    *({"override_policy_documents": [source], "statement": [_OWN]} for source in _SOURCES[:4]),
    {"source_policy_documents": [_SOURCES[0]], "statement": [_OWN]},
    {"source_policy_documents": [_SOURCES[0], _SOURCES[1]]},
    {"source_policy_documents": [_document(_ALLOW, _ALLOW)]},
    {"override_policy_documents": [_document(_ALLOW, {**_ALLOW, "Action": "later"})]},
    {"override_policy_documents": [_SOURCES[0], _SOURCES[1]], "statement": [_OWN]},
    {"source_policy_documents": [_SOURCES[2], _SOURCES[0]], "statement": [{"sid": "B", "actions": ["x"]}, _OWN]},
    {
        "source_policy_documents": [_SOURCES[2]],
        "override_policy_documents": [_SOURCES[2], _SOURCES[3]],
        "policy_id": "own",
    },
    {"source_policy_documents": [_SOURCES[2]], "policy_id": "own"},
    {"override_policy_documents": [_SOURCES[2]], "policy_id": "own"},
    {"source_policy_documents": [json.dumps({"Version": "2012-10-17"})], "version": "2008-10-17"},
    {"source_policy_documents": [None, _SOURCES[0]]},
    {"override_policy_documents": [None, _SOURCES[0]]},
    {"source_policy_documents": [], "override_policy_documents": []},
    {"override_policy_documents": ["not json"]},
    {"override_policy_documents": [""]},
    {"override_policy_documents": [json.dumps({"Statement": _ALLOW})]},
]


def _some(chance: random.Random, pool: list[str], most: int) -> list[str]:
    return [chance.choice(pool) for _ in range(chance.randint(1, most))]


def _generated_statement(chance: random.Random, sid: str) -> dict[str, Any]:
    actions = ["s3:*", "s3:Get*", "sts:AssumeRole", "iam:PassRole", "*", "ec2:Describe*", "kms:Decrypt"]
    resources = [
        "*",
        "arn:aws:s3:::a",
        "arn:aws:s3:::a/*",
        "arn:aws:s3:::home/&{aws:username}",
        "$",
        "%",
        "arn:aws:s3:::ü",
    ]
    principals = [*_ROOTS, "*", "111111111111", "&{x}", "ec2.amazonaws.com", "lambda.amazonaws.com"]
    statement: dict[str, Any] = {}
    if chance.random() < 0.6:
        statement["sid"] = sid
    if chance.random() < 0.5:
        statement["effect"] = chance.choice(["Allow", "Deny"])
    statement[chance.choice(["actions", "actions", "not_actions"])] = _some(chance, actions, 5)
    if chance.random() < 0.7:
        statement[chance.choice(["resources", "resources", "not_resources"])] = _some(chance, resources, 4)
    if chance.random() < 0.6:
        statement[chance.choice(["principals", "principals", "not_principals"])] = [
            _principals(chance.choice(["AWS", "AWS", "Service", "Federated", "*"]), *_some(chance, principals, 3))
            for _ in range(chance.randint(1, 3))
        ]
    if chance.random() < 0.6:
        statement["condition"] = [
            _condition(
                chance.choice(["StringEquals", "StringLike", "ArnLike"]),
                chance.choice(["aws:PrincipalOrgID", "aws:SourceArn", "sts:ExternalId"]),
                *_some(chance, ["o-1", "x", "y<z", "&{aws:username}"], 3),
            )
            for _ in range(chance.randint(1, 4))
        ]
    return statement


def generated(count: int, seed: int = 7) -> list[Case]:
    """Return random configurations, the same ones for a seed."""
    chance = random.Random(seed)
    cases = []
    for _ in range(count):
        case: Case = {
            "statement": [_generated_statement(chance, f"S{number}") for number in range(chance.randint(1, 3))]
        }
        if chance.random() < 0.2:
            case["policy_id"] = "policy"
        for name in ("source_policy_documents", "override_policy_documents"):
            if chance.random() < 0.3:
                case[name] = [
                    _document({**_ALLOW, "Sid": f"S{chance.randint(0, 3)}", "Action": _some(chance, ["a", "b"], 2)})
                ]
        cases.append(case)
    return cases


def all_cases() -> list[Case]:
    """Return the cases of which the golden data hold the answers."""
    return [*CHOSEN, *MERGED, *generated(80)]
