"""Profiles that are built in: what a platform is measured by, beside the profiles that a configuration makes itself."""

from __future__ import annotations

from typing import Literal

import msgspec

MissingKinds = Literal["each", "together", "nothing"]


class Profile(msgspec.Struct, frozen=True):
    """A profile.

    `missing_kinds` says what is reported of resources that belong into an account of a
    kind that is not there: each of them, all of a kind together, or nothing.
    """

    name: str
    missing_kinds: MissingKinds = "together"


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("astradot", "each"),
        Profile("minimal", "nothing"),
        Profile("landing-zone"),
        Profile("aws-sra"),
    )
}
NONE = Profile("")
