"""The lists of indicators: behaviour that may be named as a ground, and what never is one."""
