"""Rival explanations of why no coalition forms against a target, tested on held-out history."""

from counterpoise.assessment.explanations.explain import Explained, explain
from counterpoise.assessment.explanations.specification import STANDARD, Specification

__all__ = ["STANDARD", "Explained", "Specification", "explain"]
