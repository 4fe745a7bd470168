"""From functions to their derivatives, and whether those are right."""
