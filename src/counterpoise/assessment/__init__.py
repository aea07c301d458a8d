"""From figures to an answer: the verdict, its tests, its series."""
