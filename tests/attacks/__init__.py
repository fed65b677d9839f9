"""Attacks on the grader: every row of the catalogue as something that a student hands in."""
