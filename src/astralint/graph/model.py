"""The shape of the platform's graph: a `networkx.MultiDiGraph`.

Node ids are strings with their kind in front; every node has these attributes:

===========  ============================================================================
kind         further attributes
===========  ============================================================================
account      `name`, `account_kind` ("" if unknown), `number` ("" if unknown), `external`
             (in no workspace's organization), `workspaces` (how many); id `account:NAME`
workspace    `name`, `account` (name or ""), `path`; id `workspace:NAME`
resource     `address`, `type`, `mode`, `name`, `account` (name or ""), `region`,
             `workspace`, `file`, `line`; id `resource:WORKSPACE/ADDRESS`
principal    `name`, `principal_kind`, `account` (name or ""); id `principal:KIND/NAME`
===========  ============================================================================

Resources and accounts have `findings` as well where rules found something there, once they are marked.

`principal_kind` is one of `service`, `federated` (an identity provider or a subject of
one), `role`, `user` (named by ARN, made by no workspace), `root` (a whole account),
`organization`, `organizational-unit`, `permission-set` (a virtual role of Identity Center), `sso-group`,
`sso-user` (looked up in Identity Center), `kubernetes` (a service account of a cluster),
`certificate`, `identity-pool` (whom Cognito lets in), `managed-node`, `account-root` (the
root user of a member account), `administrator` (whoever may do anything in an account), `created` (whom somebody
would make, under a boundary), `wildcard`, `unknown`. IAM roles and users, and users and
groups of Identity Center, that a workspace makes are resource nodes, never principal
nodes. An account's root as principal is the account's own node.

Nodes of whoever is, or can make itself, an administrator of its account have `admin` with a verdict. The last two kinds of
edges are added by `astralint.graph.escalation`.

Every edge has `kind` (also its key's beginning) and `evidence`: a list of
`{"file", "line", "column", "end_line", "end_column", "text", "side", "workspace"}`, where `side` is
`trust`, `identity`, `binding` (what hands a role to somebody), `resource`, `organization`,
`provider` or "".

===============  ========================================================================
edge             from -> to
===============  ========================================================================
contains         account -> workspace -> resource
references       resource -> resource it takes a value from
reads-state      workspace -> workspace whose state it reads
deploys-as       workspace -> role (or principal) that it acts as; `through` is `provider`,
                 `backend`, `remote-state`, `run` or `profile` (then to the account that it is for);
                 `missing` is `role` where nobody makes it; `findings` as below
trusts           role -> principal that its trust policy names (declared)
grants           principal -> role whose assumption an identity policy allows (declared)
can-assume       principal -> role, decided (effective): `verdict` is `allowed`,
                 `conditional` or `denied` (denied only where exactly one of both sides is
                 there: half-open), `conditions` a list of texts, `findings` a list of rule
                 ids
can-assume-root  principal -> root user of a member account (sts:AssumeRoot), decided too
member-of        user of Identity Center -> group
runs-as          resource -> role that AWS acts as for it
can-access       principal -> resource that lets it in, by its policy or a grant: the resource's
                 side alone, with `verdict` and `conditions`; `actions` (with `all_but`: all
                 others)
shared-with      resource -> account, organizational unit or organization
refers-to        resource -> account that it is joined with: peerings, aggregations, endpoints' policies
delegates-to     management account -> account that administers `service` for all
guards           service or resource control policy -> account, organizational unit or the
                 organization's root that it is attached to
federates        identity provider as a resource -> the same as a principal of trust policies
can-escalate     principal -> principal or resource that it can make itself by what it may change: `verdict`,
                 `conditions` and `evidence` are those of its best route, `routes` all of them, each with `path` (its
                 id in the table), `does`, `how`, `verdict`, `conditions`, `through` (nodes) and `evidence`
is-administrator principal -> administrator of its account, by its rights
===============  ========================================================================
"""

from __future__ import annotations

from typing import Literal

NodeKind = Literal["account", "workspace", "resource", "principal"]
EdgeKind = Literal[
    "contains",
    "references",
    "reads-state",
    "deploys-as",
    "trusts",
    "grants",
    "can-assume",
    "can-assume-root",
    "member-of",
    "runs-as",
    "can-access",
    "shared-with",
    "refers-to",
    "delegates-to",
    "guards",
    "federates",
    "can-escalate",
    "is-administrator",
]
Verdict = Literal["allowed", "conditional", "denied"]
