"""Rules about Security Hub, GuardDuty, Config: the security account."""
