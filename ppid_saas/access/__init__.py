"""Who may do what: the actor, the policy on one screen, and the doors of every verb."""
