"""Natural language inference: premise and hypothesis from edits of a meaning.

An entailed hypothesis says less, or the same in other words; a contradiction differs in polarity,
number, place or time, roles, or a contrary word; a neutral one adds something or puts something
unrelated. Most is decided by matching the two sentences, little by knowing the relations of words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reproduce.world.draw import Draw, Table, pick
from reproduce.world.meaning import NOUN, Event, Part, altered
from reproduce.world.pairs import LABELS, Pair, PairWriter

_Edited = tuple[Event, Event]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is drawn without regard to the label."""

    extra: str  # what the premise has beyond the hypothesis
    wording: str


class Inference:
    """Draws pairs of premise and hypothesis."""

    def __init__(self, writer: PairWriter):
        self.writer = writer
        of = writer.inv.of
        self._and, self._or = of["cconj.and"], of["cconj.or"]
        self._extras = Table(("none", "adjective", "adjunct", "and"), (60, 14, 14, 12))
        self._wordings = Table(("none", "front", "reorder", "voice", "cleft"), (68, 14, 10, 6, 2))
        self._edits = {
            "entailment": Table(
                ("someone", "some", "reorder", "front", "voice", "cleft", "synonym", "special"),
                (30, 30, 26, 26, 13, 4, 4, 1),
            ),
            "contradiction": Table(
                ("number", "premise not", "not", "roles", "place", "contrary"),
                (30, 13, 13, 40, 8, 4),
            ),
            "neutral": Table(
                (
                    "noun",
                    "verb",
                    "quality",
                    "adjective",
                    "adjunct",
                    "or",
                    "modifiers",
                    "circumstances",
                    "someone",
                    "some",
                ),
                (20, 3, 4, 14, 12, 4, 24, 24, 3, 3),
            ),
        }
        # Negation besides the label's own: as many in either sentence whatever the label.
        self._negated = {"entailment": 0.2, "contradiction": 0.03, "neutral": 0.2}

    def pair(self, draw: Draw, part: Part, label: str = "") -> Pair:
        """One pair, of a given label or any."""
        label = label or pick(draw, LABELS["nli"])
        while True:
            found = self._attempt(draw, label, part)
            if found is not None:
                return found

    def _attempt(self, draw: Draw, label: str, part: Part) -> Pair | None:
        plan = _Plan(self._extras.draw(draw), self._wordings.draw(draw))
        event = self._furnished(draw, label, part)
        # A premise that says more already entails the hypothesis.
        edit = "none" if label == "entailment" and plan.extra != "none" else ""
        for _ in range(4):
            edit = edit or self._edits[label].draw(draw)
            edited = self._edited(draw, label, edit, event)
            if edited is not None:
                break
            edit = ""
        else:
            return None
        first = self._with_extra(draw, edited[0], plan.extra)
        second = edited[1]
        if edit not in ("reorder", "front", "voice", "cleft"):
            if draw() < 0.5:
                second = self._worded(second, plan.wording) or second
            else:
                first = self._worded(first, plan.wording) or first
        name = f"{edit}, {plan.extra} dropped" if plan.extra != "none" else edit
        return None if first is second else Pair(first, second, label, name)

    def _furnished(self, draw: Draw, label: str, part: Part) -> Event:
        """An event with the modifiers that some edits need, drawn whatever the label."""
        writer, roll = self.writer, draw()
        adjuncts = 0 if roll < 0.3 else 1 if roll < 0.7 else 2
        event = writer.base(draw, part, alike=draw() < 0.5, adjuncts=adjuncts)
        agent, patient = event.agent, event.patient
        assert agent is not None and patient is not None
        roll = draw()
        if roll > 0.8:
            agent = writer.anyone
        elif roll < 0.14:
            agent = writer.qualified(draw, agent)
        negated = draw() < self._negated[label]
        if roll < 0.34 or negated:
            patient = writer.qualified(draw, patient, negated=negated)
        if draw() < 0.3:
            patient = writer.counted(draw, patient)
        elif draw() < 0.22:
            patient = writer.vague(draw, patient)
        elif draw() < 0.24:
            other = writer.someone(draw, writer.sampler.topic(draw))
            patient = altered(patient, also=(self._or, other))
        return event.changed(agent=agent, patient=patient)

    def _edited(self, draw: Draw, label: str, edit: str, event: Event) -> _Edited | None:
        """Premise and hypothesis; the hypothesis is the event as drawn wherever that can be."""
        writer = self.writer
        if label == "entailment":
            return self._entailed(draw, edit, event)
        if edit == "premise not":
            return event.changed(negated=True), event
        if edit == "not":
            return event, event.changed(negated=True)
        made: dict[str, Callable[[], Event | None]] = {
            "number": lambda: writer.other_number(draw, event),
            "roles": lambda: writer.roles_exchanged(event) if not _heavy(event) else None,
            "place": lambda: writer.opposite_place(event),
            "contrary": lambda: writer.other_verb(draw, event, "antonym"),
            "noun": lambda: writer.other_noun(draw, event),
            "verb": lambda: writer.other_verb(draw, event, "other"),
            "quality": lambda: writer.other_quality(draw, event, "other"),
            "modifiers": lambda: writer.modifiers_exchanged(self._both_qualified(draw, event)),
            "circumstances": lambda: writer.circumstances_exchanged(event),
            "adjective": lambda: _without_adjective(event),
            "adjunct": lambda: (
                event.changed(adjuncts=event.adjuncts[:-1]) if event.adjuncts else None
            ),
            "someone": lambda: (
                event.changed(agent=writer.anyone) if event.agent != writer.anyone else None
            ),
            "some": lambda: self._vague(draw, event),
            "or": lambda: self._with_conjunct(draw, event, self._or),
        }
        if edit == "modifiers":
            event = self._both_qualified(draw, event)
            first = writer.modifiers_exchanged(event)
        else:
            first = made[edit]()
        if first is None:
            return None
        if edit in ("noun", "verb", "adjective", "adjunct"):
            # Leaving open who or how many must not tell an entailment.
            kind = pick(draw, ("someone", "some"))
            first = self._definite(draw, kind, first) or first
        return first, event

    def _entailed(self, draw: Draw, edit: str, event: Event) -> _Edited | None:
        writer = self.writer
        if edit == "none":
            return event, event
        if edit in ("synonym", "special"):
            first = (
                writer.other_verb(draw, event, "synonym")
                if edit == "synonym"
                else writer.special_noun(draw, event)
            )
            return (first, event) if first is not None else None
        if edit in ("someone", "some"):
            first = self._definite(draw, edit, event)
            return (first, event) if first is not None else None
        other = self._worded(event, edit)
        if other is None:
            return None
        return (event, other) if draw() < 0.5 else (other, event)

    def _definite(self, draw: Draw, edit: str, event: Event) -> Event | None:
        """Says who, or how many, where the event leaves it open."""
        writer, patient = self.writer, event.patient
        assert patient is not None
        if edit == "someone":
            if event.agent != writer.anyone:
                return None
            return event.changed(agent=writer.someone(draw, writer.sampler.topic(draw)))
        if not writer.is_vague(patient):
            return None
        return event.changed(patient=writer.counted(draw, patient))

    def _vague(self, draw: Draw, event: Event) -> Event | None:
        """Leaves open how many."""
        patient = event.patient
        if patient is None or patient.number is None:
            return None
        return event.changed(patient=self.writer.vague(draw, altered(patient, number=None)))

    def _both_qualified(self, draw: Draw, event: Event) -> Event:
        assert event.agent is not None and event.patient is not None
        agent, patient = event.agent, event.patient
        if not agent.adjectives:
            agent = self.writer.qualified(draw, agent)
        if not patient.adjectives:
            patient = self.writer.qualified(draw, patient)
        return event.changed(agent=agent, patient=patient)

    def _with_conjunct(self, draw: Draw, event: Event, conjunction: int) -> Event | None:
        patient = event.patient
        if patient is None or patient.also:
            return None
        other = self.writer.someone(draw, self.writer.sampler.topic(draw))
        return event.changed(patient=altered(patient, also=(conjunction, other)))

    def _with_extra(self, draw: Draw, event: Event, extra: str) -> Event:
        agent = event.agent
        assert agent is not None
        if extra == "adjective" and not agent.adjectives and agent.kind == NOUN:
            return event.changed(agent=self.writer.qualified(draw, agent))
        if extra == "adjunct" and len(event.adjuncts) < 2:
            topic = self.writer.sampler.topic(draw)
            more = self.writer.adjuncts(draw, topic, 1)
            return event.changed(adjuncts=(*event.adjuncts, *more))
        if extra == "and":
            return self._with_conjunct(draw, event, self._and) or event
        return event

    def _worded(self, event: Event, wording: str) -> Event | None:
        if wording == "none":
            return None
        writer = self.writer
        make = {
            "front": writer.fronted,
            "reorder": writer.reordered,
            "voice": writer.passive,
            "cleft": writer.cleft,
        }
        return make[wording](event)


def _heavy(event: Event) -> bool:
    """Has the patient a number or conjunct, which would go with it to the other role?"""
    patient = event.patient
    return patient is None or patient.number is not None or patient.also is not None


def _without_adjective(event: Event) -> Event | None:
    for role in ("agent", "patient"):
        thing = getattr(event, role)
        if thing.adjectives:
            return event.changed(**{role: altered(thing, adjectives=())})
    return None
