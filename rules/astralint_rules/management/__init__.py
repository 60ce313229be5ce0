"""Rules about Organizations, Control Tower, billing: the management account."""
