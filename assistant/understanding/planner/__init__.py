"""Commands for what no template matches: candidates, a short prompt, constrained calls, a score, guards."""
