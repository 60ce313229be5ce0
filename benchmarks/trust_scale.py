"""How the trust index grows: a platform of many accounts with many roles, generated.

    python benchmarks/trust_scale.py --accounts 1000 --roles 20

Prints the seconds of each stage and the peak of memory. Half of the roles trust a role
of another account that may assume them, others a whole account, a service or a
provider of tokens; one role of each account may assume anything, three can make themselves others.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

ESCALATING = {
    5: '"iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"',
    6: '"iam:AttachRolePolicy"',
    7: '"iam:UpdateAssumeRolePolicy"',
}
"""What three roles of each account may do to become others."""


def number(account: int) -> str:
    """Return an account's number."""
    return f"{100_000_000_000 + account}"


def workspace(account: int, accounts: int, roles: int) -> str:
    """Return the code of one account."""
    parts = [
        f'provider "aws" {{\n  region              = "eu-west-1"\n  allowed_account_ids = ["{number(account)}"]\n}}\n'
    ]
    for role in range(roles):
        other = (account * 7 + role * 13 + 1) % accounts
        principal = {
            0: '{ Service = "lambda.amazonaws.com" }',
            1: f'{{ AWS = "arn:aws:iam::{number(other)}:root" }}',
            2: f'{{ Federated = "arn:aws:iam::{number(account)}:oidc-provider/app.terraform.io" }}',
        }.get(role % 6, f'{{ AWS = "arn:aws:iam::{number(other)}:role/role-{(role + 1) % roles}" }}')
        action = "sts:AssumeRoleWithWebIdentity" if role % 6 == 2 else "sts:AssumeRole"
        parts.append(
            f'resource "aws_iam_role" "r{role}" {{\n  name = "role-{role}"\n  assume_role_policy = jsonencode({{\n'
            f'    Version = "2012-10-17"\n    Statement = [{{ Effect = "Allow", Action = "{action}", '
            f"Principal = {principal} }}]\n  }})\n}}\n"
        )
        allowed = ESCALATING.get(role, '"sts:AssumeRole"')
        target = (
            '"*"'
            if role == 0 or role in ESCALATING
            else f'"arn:aws:iam::{number((account + role) % accounts)}:role/role-{role}"'
        )
        parts.append(
            f'resource "aws_iam_role_policy" "p{role}" {{\n  role = aws_iam_role.r{role}.id\n  policy = jsonencode({{\n'
            f'    Version = "2012-10-17"\n    Statement = [{{ Effect = "Allow", Action = [{allowed}], '
            f"Resource = {target} }}]\n  }})\n}}\n"
        )
    return "\n".join(parts)


def main() -> None:
    """Generate, build, decide, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--roles", type=int, default=20)
    given = parser.parse_args()
    from astralint.api import ScanOptions, open_session
    from astralint.draw import DrawOptions, draw
    from astralint.trust.ways import shortest_ways

    start = time.perf_counter()

    def stage(name: str) -> None:
        nonlocal start
        now = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name:<28} {now - start:7.2f} s   {peak:7.0f} MB at most", flush=True)
        start = time.perf_counter()

    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for account in range(given.accounts):
            place = root / f"account-{account:04}"
            place.mkdir()
            (place / "main.tf").write_text(workspace(account, given.accounts, given.roles))
        blocks = [
            f'account "account-{account:04}" {{\n  kind = "{"production" if account % 2 else "staging"}"\n'
            f'  id   = "{number(account)}"\n  workspace "account-{account:04}" {{\n    path = "account-{account:04}"\n  }}\n}}\n'
            for account in range(given.accounts)
        ]
        (root / "astralint.hcl").write_text("\n".join(blocks))
        stage("generated")
        platform = open_session([root], ScanOptions(boundary=root, jobs=1)).build().platform
        stage("evaluated")
        index = platform.trust
        stage(f"{len(index.identities):,} identities")
        print(f"{len(index.trusts):,} trusts, {len(index.grants):,} grants")
        stage("declared")
        print(f"{len(index.assumptions):,} assumptions")
        stage("decided")
        found = shortest_ways(
            index, [i.node for i in index.identities if i.account is platform.accounts["account-0000"]]
        )
        print(f"{len(found):,} roles reached")
        stage("ways from one account")
        print(f"{len(platform.why('account-0000', 'account-0001').ways)} ways")
        stage("why")
        graph = platform.graph
        print(f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges")
        stage("graph")
        from astralint.graph.escalation import add_escalations

        print(f"{len(platform.escalations.edges):,} edges of escalation")
        add_escalations(graph, platform.escalations)
        stage("graph with escalation")
        print(f"{len(draw(graph, 'html', DrawOptions(level='account'))):,} characters")
        stage("html at account level")


if __name__ == "__main__":
    main()
