"""The façade: what rules, reports and the library receive."""
