"""Rules about users and trust: the identity account."""
