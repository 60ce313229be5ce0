"""Whether a changed policy newly allows a request."""
