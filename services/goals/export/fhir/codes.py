"""Codes that everybody knows, our own words beside them, and how a concept is put together."""

from __future__ import annotations

from typing import Any

from services.goals.export.fhir.words import words

Coding = dict[str, str]
Concept = dict[str, Any]

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
ACHIEVEMENT = f"{TERMINOLOGY}goal-achievement"
PRIORITY = f"{TERMINOLOGY}goal-priority"
OBSERVED = f"{TERMINOLOGY}observation-category"
TOLD = f"{TERMINOLOGY}communication-category"
PARTICIPANT = f"{TERMINOLOGY}provenance-participant-type"
OPERATION = f"{TERMINOLOGY}v3-DataOperation"
WAY = f"{TERMINOLOGY}v3-ParticipationMode"
ACT = f"{TERMINOLOGY}v3-ActCode"
CONSENT_SCOPE = f"{TERMINOLOGY}consentscope"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"

WAYS = {"sms": "SMSWRIT", "email": "EMAILWRIT", "web": "ONLINEWRIT", "api": "ELECTRONIC"}
"""By which way somebody wrote; an import has no code there."""


def coded(system: str, code: str) -> Coding:
    """A code of a system."""
    return {"system": system, "code": code}


def ours(vocabulary: str, code: str) -> Coding:
    """A word of Cairn's own, in the vocabulary of docs/events.md that it is from."""
    return coded(f"urn:cairn:{vocabulary}", code)


def concept(*codings: Coding, text: str | None = None) -> Concept:
    """What is meant, by these codes or in words; the words may be missing."""
    said = words(text)
    return ({"coding": list(codings)} if codings else {}) | ({"text": said} if said else {})


def way(by: str) -> list[Coding]:
    """By which way something was said or sent (sms, email, web, api), where HL7 has a code for it."""
    return [coded(WAY, WAYS[by])] if by in WAYS else []
