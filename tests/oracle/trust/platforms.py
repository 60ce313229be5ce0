"""Generated platforms of two accounts, in HCL as people write it: who may become whom in a few hundred ways.

`identity` has users, groups and the roles of pipelines; `production` has roles that they take.
Each is a workspace of its own; production reads the other's outputs.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from tests.oracle.trust.policies import Statement, written

ACCOUNTS = {"identity": "111111111111", "production": "222222222222"}
OUTSIDER = "333333333333"
ORGANIZATION = "o-example0001"
GITHUB = "token.actions.githubusercontent.com"
FOR_EACH = ("reader", "writer", "auditor")

_IDENTITY_ROLES = ("deploy", "plan", "backup", "audit", "support", "scanner", "release", "breakglass")
_PRODUCTION_ROLES = ("app", "database", "network", "logs", "queue", "billing", "operator", "restore", "metrics")
_USERS = ("alice", "bob", "carol")
_PATHS = ("/", "/", "/team/", "/ci/cd/")
_TEAMS = ("red", "blue", "")


class Role(NamedTuple):
    """A role of one of the workspaces."""

    workspace: str
    name: str
    path: str

    @property
    def arn(self) -> str:
        """Its ARN as text that needs no reference."""
        return f"arn:aws:iam::${{var.{self.workspace}_account}}:role{self.path}{self.name}"

    @property
    def reference(self) -> str:
        return f"${{aws_iam_role.{self.name}.arn}}"


def platform(seed: int) -> dict[str, str]:
    """Return the files of a platform, by their paths; the providers are apart."""
    return _Writer(seed).files()


class _Writer:
    def __init__(self, seed: int) -> None:
        self.chosen = random.Random(seed)
        self.roles = {
            workspace: [Role(workspace, name, self.chosen.choice(_PATHS)) for name in names]
            for workspace, names in (("identity", _IDENTITY_ROLES), ("production", _PRODUCTION_ROLES))
        }
        self.everybody = [role for roles in self.roles.values() for role in roles]

    def files(self) -> dict[str, str]:
        accounts = "\n".join(
            f'account "{name}" {{\n  kind = "{name}"\n  id = "{number}"\n'
            f'  workspace "{name}" {{\n    path = "{name}"\n  }}\n}}\n'
            for name, number in ACCOUNTS.items()
        )
        found = {"astralint.hcl": f'platform {{\n  organization_id = "{ORGANIZATION}"\n}}\n\n{accounts}'}
        for workspace in ACCOUNTS:
            found[f"{workspace}/variables.tf"] = "\n".join(
                f'variable "{name}_account" {{\n  type = string\n  default = "{number}"\n}}\n'
                for name, number in ACCOUNTS.items()
            )
            blocks = [self._role(index, role) for index, role in enumerate(self.roles[workspace])]
            found[f"{workspace}/roles.tf"] = "\n".join([*blocks, self._boundary()])
        found["identity/users.tf"] = self._users()
        found["identity/outputs.tf"] = self._outputs()
        found["production/shared.tf"] = self._shared()
        return found

    # --- roles -----------------------------------------------------------------------------

    def _role(self, index: int, role: Role) -> str:
        before, expression = written(f"{role.name}_trust", self._trust(index, role), self.chosen)
        lines = [f'resource "aws_iam_role" "{role.name}" {{', f'  name = "{role.name}"']
        if role.path != "/":
            lines.append(f'  path = "{role.path}"')
        lines.append(f"  assume_role_policy = {expression}")
        if self.chosen.random() < 0.25:
            lines.append("  permissions_boundary = aws_iam_policy.boundary.arn")
        team = self.chosen.choice(_TEAMS)
        if team:
            lines.append(f'  tags = {{\n    team = "{team}"\n  }}')
        return before + "\n".join([*lines, "}"]) + "\n\n" + self._attached("role", role.name, self._grants(role))

    def _trust(self, index: int, role: Role) -> list[Statement]:
        statements = [self._trusting(index, role) for _ in range(self.chosen.choice((1, 1, 2)))]
        if self.chosen.random() < 0.25:
            refused = (("AWS", (self._named(index, role),)),)
            statements.append(Statement(("sts:*",), "Deny", refused, conditions=self._conditions(0.3)))
        return statements

    def _trusting(self, index: int, role: Role) -> Statement:
        kind = self.chosen.choice(("account", "account", "named", "named", "several", "service", "web", "anyone"))
        if kind == "service":
            services = self.chosen.sample(("ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com"), 2)
            return Statement(principals=(("Service", tuple(services)),))
        if kind == "web":
            provider = f"arn:aws:iam::${{var.{role.workspace}_account}}:oidc-provider/{GITHUB}"
            subject = ("StringLike", f"{GITHUB}:sub", ("repo:example/app:*",))
            audience = ("StringEquals", f"{GITHUB}:aud", ("sts.amazonaws.com",))
            return Statement(
                ("sts:AssumeRoleWithWebIdentity",),
                principals=(("Federated", (provider,)),),
                conditions=(subject, audience)[: self.chosen.randint(0, 2)],
            )
        if kind == "anyone":
            other = self.chosen.choice(tuple(ACCOUNTS))
            bounds = (
                ("StringEquals", "aws:PrincipalOrgID", (ORGANIZATION,)),
                ("ArnLike", "aws:PrincipalArn", (f"arn:aws:iam::${{var.{other}_account}}:role/*",)),
                ("StringEquals", "aws:PrincipalAccount", (f"${{var.{other}_account}}",)),
            )
            return Statement(principals=(("*", ("*",)),), conditions=(self.chosen.choice(bounds),))
        names = [self._account()] if kind == "account" else [self._named(index, role)]
        if kind == "several":
            names += [self._account(), f"arn:aws:iam::{OUTSIDER}:role/vendor", self._named(index, role)]
        actions = self.chosen.choice(
            (("sts:AssumeRole",), ("sts:AssumeRole", "sts:TagSession"), ("sts:*",), ("sts:assumerole",))
        )
        return Statement(actions, principals=(("AWS", tuple(dict.fromkeys(names))),), conditions=self._conditions(0.4))

    def _account(self) -> str:
        account = self.chosen.choice(tuple(ACCOUNTS))
        return self.chosen.choice((f"arn:aws:iam::${{var.{account}_account}}:root", f"${{var.{account}_account}}"))

    def _named(self, index: int, role: Role) -> str:
        """Return another role, or a user: by its ARN in text, a reference, or the other workspace's output."""
        before = self.roles[role.workspace][:index]
        kind = self.chosen.choice(("user", "text", "text", "reference", "output", "session", "nobody"))
        if kind == "user":
            return f"arn:aws:iam::${{var.identity_account}}:user/people/{self.chosen.choice(_USERS)}"
        if kind == "reference" and before:
            return self.chosen.choice(before).reference
        if kind == "output" and role.workspace == "production":
            name = self.chosen.choice(self.roles["identity"]).name
            return f"${{data.terraform_remote_state.identity.outputs.roles.{name}}}"
        other = self.chosen.choice(self.everybody)
        if kind == "session":
            return f"arn:aws:sts::${{var.{other.workspace}_account}}:assumed-role/{other.name}/nightly"
        return "arn:aws:iam::${var.production_account}:role/gone" if kind == "nobody" else other.arn

    def _conditions(self, share: float) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        if self.chosen.random() >= share:
            return ()
        every = (
            ("StringEquals", "sts:ExternalId", ("4711",)),
            ("StringEquals", "aws:PrincipalTag/team", ("red", "green")),
            ("StringNotEquals", "aws:PrincipalTag/team", ("red",)),
            ("StringEqualsIfExists", "aws:PrincipalTag/team", ("blue",)),
            ("Bool", "aws:MultiFactorAuthPresent", ("true",)),
            ("BoolIfExists", "aws:MultiFactorAuthPresent", ("true",)),
            ("StringEquals", "aws:PrincipalOrgID", (ORGANIZATION,)),
            ("ArnLike", "aws:PrincipalArn", ("arn:aws:iam::*:role/team/*", "arn:aws:iam::*:user/people/a*")),
            ("ArnNotEquals", "aws:PrincipalArn", (self.chosen.choice(self.everybody).arn,)),
            ("IpAddress", "aws:SourceIp", ("192.0.2.0/24", "2001:db8::/32")),
            ("Null", "aws:PrincipalTag/team", ("false",)),
            ("StringLike", "sts:RoleSessionName", ("ci-*",)),
            ("NumericLessThan", "sts:DurationSeconds", ("3600",)),
            ("DateLessThan", "aws:CurrentTime", ("2030-01-01T00:00:00Z",)),
            ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", (f"{ORGANIZATION}/r-1/*",)),
        )
        return tuple(self.chosen.sample(every, self.chosen.choice((1, 1, 2))))

    # --- what they may do ------------------------------------------------------------------

    def _grants(self, holder: Role | None) -> list[Statement]:
        statements = []
        for _ in range(self.chosen.choice((0, 1, 1, 2))):
            statements.append(self._grant())
        if self.chosen.random() < 0.2:
            refused = self.chosen.choice(self.roles["production"])
            statements.append(Statement(effect="Deny", resources=(refused.arn,), conditions=self._conditions(0.4)))
        if not statements and holder is None:
            statements.append(Statement(("s3:GetObject",), resources=("*",)))
        return statements

    def _grant(self) -> Statement:
        kind = self.chosen.choice(("named", "named", "named", "wide", "path", "not-action", "not-resource", "variable"))
        conditions = self._conditions(0.2)
        if kind == "named":
            roles = self.chosen.sample(self.everybody, self.chosen.randint(1, 4))
            return Statement(resources=tuple(role.arn for role in roles), conditions=conditions)
        if kind == "path":
            pattern = self.chosen.choice(("role/team/*", "role/*a*", "role/shared/*", "role/??????"))
            return Statement(("sts:Assume*",), resources=(f"arn:aws:iam::*:{pattern}",), conditions=conditions)
        if kind == "not-action":
            return Statement(("iam:*", "organizations:*"), resources=("*",), conditions=conditions, not_actions=True)
        if kind == "not-resource":
            return Statement(
                resources=("arn:aws:iam::${var.production_account}:role/team/*",),
                conditions=conditions,
                not_resources=True,
            )
        if kind == "variable":
            name = self.chosen.choice(("@{aws:PrincipalTag/team, 'app'}", "@{aws:PrincipalTag/team}-only", "logs@{*}"))
            return Statement(resources=(f"arn:aws:iam::${{var.production_account}}:role/{name}",))
        return Statement(resources=("*",), conditions=conditions)

    def _attached(self, kind: str, name: str, statements: list[Statement]) -> str:
        """Return the resources that give a role, user or group its policies."""
        if not statements:
            if self.chosen.random() < 0.3:
                policy = self.chosen.choice(("AdministratorAccess", "ReadOnlyAccess", "PowerUserAccess"))
                return self._attachment(kind, name, f'"arn:aws:iam::aws:policy/{policy}"')
            return ""
        label = f"{kind}_{name}"
        before, expression = written(f"{label}_policy", statements, self.chosen)
        holder = f"{kind} = aws_iam_{kind}.{name}.name"
        if self.chosen.random() < 0.5:
            return (
                f'{before}resource "aws_iam_{kind}_policy" "{name}" {{\n'
                f'  name = "inline"\n  {holder}\n  policy = {expression}\n}}\n'
            )
        managed = f'resource "aws_iam_policy" "{label}" {{\n  name = "{label}"\n  policy = {expression}\n}}\n'
        return before + managed + self._attachment(kind, name, f"aws_iam_policy.{label}.arn")

    @staticmethod
    def _attachment(kind: str, name: str, policy: str) -> str:
        return (
            f'resource "aws_iam_{kind}_policy_attachment" "{name}" {{\n'
            f"  {kind} = aws_iam_{kind}.{name}.name\n  policy_arn = {policy}\n}}\n"
        )

    def _boundary(self) -> str:
        statements = [Statement(("s3:*", "sts:*"), resources=("*",))]
        if self.chosen.random() < 0.5:
            statements = [Statement(resources=("arn:aws:iam::*:role/team/*", "arn:aws:iam::*:role/a*"))]
        before, expression = written("boundary", statements, self.chosen)
        return f'{before}resource "aws_iam_policy" "boundary" {{\n  name = "boundary"\n  policy = {expression}\n}}\n'

    # --- users, and what the workspaces share ------------------------------------------------

    def _users(self) -> str:
        # Without boundaries: moto forgets those of users.
        blocks = ['resource "aws_iam_group" "people" {\n  name = "people"\n}\n']
        blocks.append(self._attached("group", "people", self._grants(None)))
        for name in _USERS:
            tags = f'  tags = {{ team = "{self.chosen.choice(_TEAMS[:2])}" }}\n' if self.chosen.random() < 0.5 else ""
            blocks.append(f'resource "aws_iam_user" "{name}" {{\n  name = "{name}"\n  path = "/people/"\n{tags}}}\n')
            blocks.append(self._attached("user", name, self._grants(None)))
        members = ", ".join(f"aws_iam_user.{name}.name" for name in _USERS[:2])
        blocks.append(
            'resource "aws_iam_group_membership" "people" {\n  name = "people"\n'
            f"  group = aws_iam_group.people.name\n  users = [{members}]\n}}\n"
        )
        return "\n".join(blocks)

    def _outputs(self) -> str:
        members = "".join(f"    {role.name} = aws_iam_role.{role.name}.arn\n" for role in self.roles["identity"])
        return f'output "roles" {{\n  value = {{\n{members}  }}\n}}\n'

    def _shared(self) -> str:
        """Return roles made in a loop, each for another role of the identity account."""
        chosen = self.chosen.sample(self.roles["identity"], len(FOR_EACH))
        pairs = "".join(
            f"    {name} = data.terraform_remote_state.identity.outputs.roles.{role.name}\n"
            for name, role in zip(FOR_EACH, chosen, strict=True)
        )
        return f"""data "terraform_remote_state" "identity" {{
  backend = "local"
  config = {{
    path = "../identity/terraform.tfstate"
  }}
}}

locals {{
  shared = {{
{pairs}  }}
}}

data "aws_iam_policy_document" "shared" {{
  for_each = local.shared

  statement {{
    actions = ["sts:AssumeRole"]
    principals {{
      type        = "AWS"
      identifiers = [each.value]
    }}
    dynamic "condition" {{
      for_each = each.key == "writer" ? ["red"] : []
      content {{
        test     = "StringEquals"
        variable = "aws:PrincipalTag/team"
        values   = [condition.value]
      }}
    }}
  }}
}}

resource "aws_iam_role" "shared" {{
  for_each           = local.shared
  name               = "shared-${{each.key}}"
  path               = "/shared/"
  assume_role_policy = data.aws_iam_policy_document.shared[each.key].json
}}
"""
