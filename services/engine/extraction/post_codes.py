"""Post codes that tell their country by the state before them, as parts of regular expressions."""

from __future__ import annotations

AUSTRALIAN = r"\b(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT),? +\d{4}\b(?!-)"
AMERICAN = (
    r"\b(?:A[KLRZ]|C[AOT]|DE|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]"
    r"|UT|V[AT]|W[AIVY]),? +\d{5}(?:-\d{4})?\b"
)
