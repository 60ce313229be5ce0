"""For rules about escalation: who can make themselves whom, and by which lines."""

from __future__ import annotations

from astralint.trust.escalation.model import Escalation, Goal, Proof, Removal, Route, Standing
from astralint.trust.escalation.table import ENTERING, path

__all__ = ["ENTERING", "Escalation", "Goal", "Proof", "Removal", "Route", "Standing", "path"]
