"""Which words are clinical: a lock screen shows none of them, whoever wrote them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

CLINICAL = {
    "en": """
        therapy, therapies, therapeutic, therapeutics, therapist, therapists, psychotherapy,
        psychotherapist, psychotherapists, counselling, counseling, counsellor, counsellors, counselor,
        counselors, psychologist, psychologists, psychology, psychological, psychiatrist, psychiatrists,
        psychiatry, psychiatric, clinic, clinics, clinical, clinician, clinicians, patient, patients,
        session, sessions, treatment, treatments, diagnosis, diagnoses, diagnosed, disorder, disorders,
        symptom, symptoms, medication, medications, mental, mental health, mentally, anxiety, anxieties,
        anxious, panic, panic attack, phobia, phobias, trauma, traumas, traumatic, traumatized,
        traumatised, ptsd, ocd, adhd, bipolar, depression, depressed, depressive, suicide, suicidal,
        self-harm, self harm, overdose, addiction, addictions, addicted, rehab, relapse, relapsed,
        sobriety, abuse, abused, abuser, rape, assault, grief, eating disorder, anorexia, bulimia,
        insomnia, cbt, dbt, emdr
    """,
    "es": """
        terapia, terapias, terapéutico, terapéutica, terapeuta, terapeutas, psicoterapia,
        psicoterapeuta, psicólogo, psicóloga, psicólogos, psicólogas, psicología, psicológico,
        psicológica, psiquiatra, psiquiatras, psiquiatría, psiquiátrico, psiquiátrica, clínica,
        clínicas, clínico, clínicos, consejería, consejero, consejera, paciente, pacientes, sesión,
        sesiones, tratamiento, tratamientos, diagnóstico, diagnósticos, diagnosticado, diagnosticada,
        trastorno, trastornos, síntoma, síntomas, medicación, medicamento, medicamentos, salud mental,
        mental, ansiedad, ansioso, ansiosa, ansiosos, ansiosas, pánico, fobia, fobias, trauma, traumas,
        traumático, traumática, tept, toc, tdah, bipolar, depresión, depresivo, depresiva, deprimido,
        deprimida, suicidio, suicida, autolesión, autolesiones, sobredosis, adicción, adicciones,
        adicto, adicta, recaída, recaídas, sobriedad, abuso, abusos, abusado, abusada, violación, duelo,
        anorexia, bulimia, insomnio
    """,
}
"""The words of each language, with commas between them; accents and capitals do not matter."""


def clinical_words(text: str) -> tuple[str, ...]:
    """The clinical words, in any of our languages, that a text holds, as the lists write them."""
    return found(text, _CLINICAL)


def found(text: str, listed: dict[str, str]) -> tuple[str, ...]:
    """The listed words (by `by_reading`) that stand alone in a text."""
    read = _as_read(text)
    return tuple(word for key, word in listed.items() if key in read and _stands_alone(key, read))


def by_reading(words: Iterable[str]) -> dict[str, str]:
    """Words by how an eye reads them."""
    return {_as_read(word): word for word in words}


def visible(text: str) -> str:
    """A text on one line, without the signs that nobody sees."""
    if text.isprintable():  # all but a few are: then no sign needs a look of its own
        return " ".join(text.split())
    seen = "".join(" " if sign.isspace() else sign for sign in text)
    return " ".join("".join(s for s in seen if unicodedata.category(s) not in ("Cc", "Cf")).split())


def _stands_alone(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _as_read(text: str) -> str:
    """As an eye reads it: nothing invisible, no case, no accents, one kind of apostrophe and of space."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", seen).casefold())
    plain = "".join(sign for sign in parted if not unicodedata.combining(sign))
    return " ".join(plain.replace("\u2019", "'").replace("\u02bc", "'").split())


_CLINICAL = by_reading(word.strip() for words in CLINICAL.values() for word in words.split(","))
