"""Rules about zones and delegations: the dns account."""
