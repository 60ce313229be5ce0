"""The colors of the pictures, for light and dark screens."""

from __future__ import annotations

SANS = "Inter,ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

LIGHT = {
    "ground": "#fbfcfd",
    "lane": "#f2f4f8",
    "card": "#ffffff",
    "border": "#d5dbe5",
    "line": "#e8ecf2",
    "ink": "#1b2330",
    "soft": "#5d6879",
    "allowed": "#3f6ea8",
    "conditional": "#93620c",
    "half-open": "#66738a",
    "deploys": "#2a7a69",
    "delegates": "#0e7288",
    "escalates": "#a8327a",
    "escalates-if": "#a8327a",
    "access": "#7a58a8",
    "access-if": "#7a58a8",
    "other": "#7b8798",
    "violation": "#c9302c",
}
DARK = {
    "ground": "#10151d",
    "lane": "#151b25",
    "card": "#1c2431",
    "border": "#354154",
    "line": "#293345",
    "ink": "#e7ecf4",
    "soft": "#9ba8bb",
    "allowed": "#7aa9e6",
    "conditional": "#dcae58",
    "half-open": "#8f9db2",
    "deploys": "#5fc3ac",
    "delegates": "#5cc4dc",
    "escalates": "#f08fc8",
    "escalates-if": "#f08fc8",
    "access": "#bb9fe6",
    "access-if": "#bb9fe6",
    "other": "#7c899d",
    "violation": "#ff7d74",
}

KINDS = {
    "management": ("#64748b", "#94a3b8"),
    "identity": ("#4c63d2", "#8b9cf4"),
    "security": ("#7a55c7", "#b095ee"),
    "artifact": ("#b7791f", "#e2ae5a"),
    "dns": ("#0d8599", "#56c2d4"),
    "email": ("#b8508f", "#e491c2"),
    "production": ("#2e7d4f", "#6cc592"),
    "staging": ("#3b8ea5", "#74c0d6"),
    "sandbox": ("#8f8a2e", "#c9c36a"),
    "": ("#9aa5b4", "#6b7788"),
}
"""The stripe of an account's kind on a light and on a dark ground; "" for all other kinds."""


def kind_class(account_kind: str) -> str:
    """Return the class of an account's stripe."""
    return f"k-{account_kind}" if account_kind in KINDS and account_kind else "k-other"
