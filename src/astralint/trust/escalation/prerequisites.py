"""What else a path demands: of its target, of the thing that is changed, of who calls it."""

from __future__ import annotations

