"""Who can make themselves whom: not by assuming a role, but by what their permissions let them change."""
