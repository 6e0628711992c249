"""Judges logic-analyzer captures of a camera's STROBE, FSIN and flash lines.

>>> import strobecheck
>>> report = strobecheck.verify("captures/seed-pass.sr")
>>> report.verdict
<Verdict.PASS: 'pass'>

Everything is measured and judged by the program, which comes with the package; nothing is computed here.
"""

from ._measure import Line, Measurement, Quantity, Spread, edges, measure
from ._program import DamageWarning, SpecError, StrobecheckError, program
from ._report import Check, Explanation, Finding, Report, Value, Verdict, verify

__all__ = [
    "Check",
    "DamageWarning",
    "Explanation",
    "Finding",
    "Line",
    "Measurement",
    "Quantity",
    "Report",
    "SpecError",
    "Spread",
    "StrobecheckError",
    "Value",
    "Verdict",
    "edges",
    "measure",
    "program",
    "verify",
]
