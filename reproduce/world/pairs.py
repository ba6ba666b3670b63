"""Sentence pairs with known relation: entailment and paraphrase from edits of a meaning.

What could give the label away without reading both sentences is drawn first and without the label:
modifiers, numbers, negation, wording, what the premise has beyond the hypothesis. Only then is it
settled which words are exchanged for which: that alone depends on the label.
"""

from __future__ import annotations

from dataclasses import dataclass

from reproduce.world.draw import Draw, Table, pick, zipf
from reproduce.world.inventory import Quad
from reproduce.world.lexicon import PAST, PRESENT
from reproduce.world.meaning import NAME, NOUN, Event, Part, Sampler, Thing, altered

NLI = ("entailment", "neutral", "contradiction")
PARAPHRASE = ("paraphrase", "different")
LABELS = {"nli": NLI, "paraphrase": PARAPHRASE}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two meanings and their relation."""

    first: Event
    second: Event
    label: str
    edit: str = ""  # what was exchanged, for analyses


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is drawn without regard to the label."""

    site: str  # verb | quality | number | place | noun: where words may be exchanged
    negation: str  # none | first | second | both
    extra: str  # none | adjective | adjunct | also: what the premise has beyond the hypothesis
    wording: str  # none | voice | front | cleft
    reworded: bool  # a synonym besides


class PairSampler:
    """Draws pairs."""

    def __init__(self, sampler: Sampler):
        self.sampler = sampler
        inv = self.inv = sampler.inv
        of = inv.of
        # Steep: a few thousand pairs must be enough to learn most of the relations of words.
        quads = inv.verb_quads[::2]
        self._verbs = Table(quads, zipf(len(quads)))
        quads = inv.adjective_quads[:12]
        self._qualities = Table(quads, zipf(len(quads)))
        self._quad_of = {
            word: quad
            for quad in (*inv.verb_quads, *inv.adjective_quads)
            for side in quad
            for word in side
        }
        pairs = (("in", "outside"), ("on", "under"), ("before", "after"), ("with", "without"))
        self._opposite = {of[f"adp.{a}"]: of[f"adp.{b}"] for a, b in pairs}
        self._opposite |= {b: a for a, b in self._opposite.items()}
        self._not = of["part.not"]
        self._definite, self._indefinite = of["det.def"], of["det.indef"]
        self._and = of["cconj.and"]
        self._numbers = [of[f"num.{n}"] for n in ("two", "three", "four", "five", "six", "ten")]
        self._times = inv.time_nouns.items[:8]
        # Site 4 of 10 a verb: relations of words are what the tasks are mostly about.
        self._sites = Table(("verb", "quality", "number", "place", "noun"), (34, 24, 14, 14, 14))
        # As many negations in either sentence whatever the label; that they differ says more of a
        # contradiction than of the others, which only who reads both can see.
        kinds = ("none", "first", "second", "both")
        self._negations = {
            "contradiction": Table(kinds, (70, 12, 12, 6)),
            "entailment": Table(kinds, (78, 4, 4, 14)),
            "neutral": Table(kinds, (78, 4, 4, 14)),
        }
        self._extras = Table(("none", "adjective", "adjunct", "also"), (52, 26, 14, 8))
        self._wordings = Table(("none", "voice", "front", "cleft"), (84, 6, 6, 4))
        self._rewordings = Table(("reorder", "synonym", "voice", "front", "cleft"),
                                 (30, 46, 8, 12, 4))  # fmt: skip

    def pair(self, task: str, draw: Draw, part: Part) -> Pair:
        """One pair of a task.

        Raises:
            KeyError: no such task.
        """
        label = pick(draw, LABELS[task])
        make = self._nli if task == "nli" else self._paraphrase
        while True:
            found = make(draw, label, part)
            if found is not None:
                return found

    # Words

    def _member(self, draw: Draw, table: Table[Quad]) -> int:
        """A word of a quad; all four are equally likely, so that none tells a label."""
        return pick(draw, pick(draw, table.draw(draw)))

    def _related(self, draw: Draw, word: int, relation: str) -> int:
        """The synonym, an antonym, or an unrelated word of the same kind."""
        quad = self._quad_of[word]
        here, there = quad if word in quad[0] else quad[::-1]
        if relation == "same":
            return word
        if relation == "synonym":
            return here[1] if word == here[0] else here[0]
        if relation == "antonym":
            return pick(draw, there)
        table = self._verbs if word in self.inv.frame else self._qualities
        while True:
            other = self._member(draw, table)
            if other not in here and other not in there:
                return other

    # Base meanings

    def _base(self, draw: Draw, part: Part, *, alike: bool, adjuncts: int) -> Event:
        """A short event in the given part of all meanings."""
        while True:
            topic = self.sampler.topic(draw)
            verb = self._member(draw, self._verbs)
            event = Event(verb, self._someone(draw, topic))
            event.patient = self._object(draw, topic, verb, alike)
            event.tense = PAST if draw() < 0.7 else PRESENT
            event.adjuncts = self._adjuncts(draw, topic, adjuncts)
            if part.holds(event):
                return event

    def _someone(self, draw: Draw, topic: int) -> Thing:
        if draw() < 0.4:
            thing = self.sampler.person(draw)
            return altered(thing, names=thing.names[:1], title=0)
        sub = self.inv.any_sub["person", topic].draw(draw)
        return self._noun(draw, sub, topic)

    def _noun(self, draw: Draw, sub: int, topic: int) -> Thing:
        table = self.inv.nouns[sub][topic]
        thing = Thing(NOUN, table.draw(draw))
        thing.det = self._definite if draw() < 0.7 else self._indefinite
        return thing

    def _object(self, draw: Draw, topic: int, verb: int, alike: bool) -> Thing:
        if alike:
            return self._someone(draw, topic)
        sub = self.inv.patient[verb].draw(draw)
        return self._noun(draw, sub, topic)

    def _adjuncts(self, draw: Draw, topic: int, count: int) -> tuple[tuple[int, Thing | str], ...]:
        kinds = ("place", "time", "person")
        start = int(draw() * 3)
        return tuple(self._adjunct(draw, topic, kinds[(start + k) % 3]) for k in range(count))

    def _adjunct(self, draw: Draw, topic: int, kind: str) -> tuple[int, Thing | str]:
        of, inv = self.inv.of, self.inv
        if kind == "time":
            thing = Thing(NOUN, pick(draw, self._times))
            thing.det = self._definite
            return of["adp.before" if draw() < 0.5 else "adp.after"], thing
        if kind == "person":
            return of["adp.with" if draw() < 0.5 else "adp.without"], self._someone(draw, topic)
        adp = pick(draw, ("in", "outside", "on", "under"))
        sub = inv.any_sub["building" if draw() < 0.6 else "landscape", topic].draw(draw)
        return of[f"adp.{adp}"], self._noun(draw, sub, topic)

    def _qualified(self, draw: Draw, thing: Thing, *, negated: bool = False) -> Thing:
        quality = self._member(draw, self._qualities)
        return altered(thing, adjectives=((self._not if negated else 0, quality),))

    # Natural language inference

    def _nli(self, draw: Draw, label: str, part: Part) -> Pair | None:
        plan = _Plan(
            self._sites.draw(draw), self._negations[label].draw(draw), self._extras.draw(draw),
            self._wordings.draw(draw), draw() < 0.08,
        )  # fmt: skip
        base = self._base(draw, part, alike=draw() < 0.3,
                          adjuncts=1 if plan.site == "place" or draw() < 0.35 else 0)  # fmt: skip
        base = self._furnished(draw, base, plan)
        pair = self._edited(draw, base, label, plan)
        if pair is None:
            return None
        first, second, edit = pair
        first = self._with_extra(draw, first, plan.extra)
        second = self._worded(second, plan.wording)
        return None if first is second else Pair(first, second, label, edit)

    def _furnished(self, draw: Draw, base: Event, plan: _Plan) -> Event:
        """Put in what the plan needs: a quality, a number, a constituent's negation."""
        agent, patient = base.agent, base.patient
        assert agent is not None and patient is not None
        if plan.site == "quality" or plan.negation == "both":
            if patient.kind == NAME:
                patient = self._noun(draw, self.inv.subclasses["person"][0], 0)
            patient = self._qualified(draw, patient, negated=plan.negation == "both")
        base = base.changed(agent=agent, patient=patient)
        return self._counted(draw, base) if plan.site == "number" else base

    def _counted(self, draw: Draw, event: Event) -> Event:
        """With a number of patients."""
        patient = event.patient
        assert patient is not None
        if patient.kind == NAME:
            patient = self._noun(draw, self.inv.subclasses["animal"][0], 0)
        return event.changed(
            patient=altered(patient, number=self._number(draw), det=0, plural=True)
        )

    def _number(self, draw: Draw) -> int | str:
        return str(11 + int(draw() * 60)) if draw() < 0.4 else pick(draw, self._numbers)

    def _edited(
        self, draw: Draw, base: Event, label: str, plan: _Plan
    ) -> tuple[Event, Event, str] | None:
        """Premise and hypothesis before the label-free additions."""
        uneven = plan.negation in ("first", "second")
        first, second = base, base
        relation, at = self._relation(draw, label, plan, uneven)
        if at == "verb":
            first = first.changed(verb=self._related(draw, base.verb, relation))
        elif at == "quality":
            first = self._other_quality(draw, first, relation)
        elif at == "number":
            first = self._other_number(draw, first)
        elif at == "place":
            first = self._other_place(draw, first, relation)
        elif at == "noun":
            edited = self._other_noun(draw, first, relation)
            if edited is None:
                return None
            first = edited
        elif at == "roles":
            first = first.changed(agent=base.patient, patient=base.agent)
        elif at == "more":
            first = self._without(first)
        if plan.reworded and at != "verb":
            first = first.changed(verb=self._related(draw, base.verb, "synonym"))
        if plan.negation == "first":
            first = first.changed(negated=True)
        elif plan.negation == "second":
            second = second.changed(negated=True)
        return first, second, f"{relation} {at}" + (" negation" if uneven else "")

    def _relation(self, draw: Draw, label: str, plan: _Plan, uneven: bool) -> tuple[str, str]:
        """How the words at which place differ; the only thing that depends on the label."""
        if uneven:
            # Negation in one of the two only: contradiction of the same, entailment of the
            # contrary, and nothing about what is unrelated.
            if label == "contradiction":
                return ("synonym", "verb") if draw() < 0.3 else ("same", "none")
            return ("antonym" if label == "entailment" else "other"), "verb"
        site = plan.site
        if label == "entailment":
            if site in ("verb", "quality"):
                return "synonym", site
            return ("general", "noun") if site == "noun" else ("same", "none")
        if label == "contradiction":
            if site == "noun":
                return "antonym", "verb"
            return "antonym", site
        if site in ("verb", "quality"):
            roll = draw()
            if roll < 0.25:
                return "other", "roles" if site == "verb" else "more"
            return "other", site if roll < 0.7 else "noun"
        if site == "place":
            return "other", pick(draw, ("place", "more", "noun"))
        return ("special" if draw() < 0.2 else "other"), "noun"

    def _other_quality(self, draw: Draw, event: Event, relation: str) -> Event:
        thing = event.patient
        assert thing is not None
        degree, word = thing.adjectives[0]
        word = self._related(draw, word, relation)
        return event.changed(patient=altered(thing, adjectives=((degree, word),)))

    def _other_number(self, draw: Draw, event: Event) -> Event:
        thing = event.patient
        assert thing is not None
        number = thing.number
        while number == thing.number:
            number = self._number(draw)
        return event.changed(patient=altered(thing, number=number))

    def _other_place(self, draw: Draw, event: Event, relation: str) -> Event:
        adposition, what = event.adjuncts[0]
        if relation == "antonym":
            return event.changed(adjuncts=((self._opposite[adposition], what),))
        assert isinstance(what, Thing)
        return event.changed(adjuncts=((adposition, self._another(draw, what)),))

    def _another(self, draw: Draw, thing: Thing) -> Thing:
        """Another thing of the kind: same determiner and modifiers, other word."""
        head = thing.head
        sub = self.inv.subclass.get(head)
        while head == thing.head:
            if thing.kind == NAME:
                head = self.inv.name_tables["given"].draw(draw)
            elif sub is None:
                head = pick(draw, self._times)
            else:
                name = self.inv.class_of[sub]
                other = pick(draw, self.inv.subclasses[name])
                head = self.inv.nouns[other][0].draw(draw)
        names = ((head, False),) if thing.kind == NAME else ()
        return altered(thing, head=head, names=names)

    def _other_noun(self, draw: Draw, event: Event, relation: str) -> Event | None:
        """Another agent or patient; for entailment the hypothesis has the general word."""
        for role in ("patient", "agent"):
            thing: Thing = getattr(event, role)
            sub = self.inv.subclass.get(thing.head)
            if relation == "other":
                return event.changed(**{role: self._another(draw, thing)})
            if sub is None:
                continue
            general = self.inv.members[sub][0]
            if relation == "special" and thing.head != general:
                return event.changed(**{role: altered(thing, head=general)})
            if relation == "general" and thing.head == general:
                special = pick(draw, self.inv.members[sub][1:])
                return event.changed(**{role: altered(thing, head=special)})
        return None

    @staticmethod
    def _without(event: Event) -> Event:
        """The hypothesis says more: take its quality or adjunct from the premise."""
        if event.adjuncts:
            return event.changed(adjuncts=())
        assert event.patient is not None
        return event.changed(patient=altered(event.patient, adjectives=()))

    def _with_extra(self, draw: Draw, event: Event, extra: str) -> Event:
        agent = event.agent
        assert agent is not None
        if extra == "adjective" and agent.kind == NOUN and not agent.adjectives:
            return event.changed(agent=self._qualified(draw, agent))
        if extra == "adjunct" and not event.adjuncts:
            topic = self.sampler.topic(draw)
            return event.changed(adjuncts=self._adjuncts(draw, topic, 1))
        if extra == "also" and not agent.adjectives:
            other = self._someone(draw, self.sampler.topic(draw))
            return event.changed(agent=altered(agent, also=(self._and, other)))
        return event

    @staticmethod
    def _worded(event: Event, wording: str) -> Event:
        if wording == "voice":
            return event.changed(passive=True)
        if wording == "front" and event.adjuncts:
            return event.changed(fronted=True)
        if wording == "cleft":
            return event.changed(cleft=True)
        return event

    # Paraphrase

    def _paraphrase(self, draw: Draw, label: str, part: Part) -> Pair | None:
        wording = self._rewordings.draw(draw)
        damage = self._damage_kind(draw, wording)
        adjuncts = 2 if wording == "reorder" else 1 if wording == "front" or draw() < 0.5 else 0
        alike = damage == "roles" or draw() < 0.5
        base = self._base(draw, part, alike=alike, adjuncts=adjuncts)
        if damage == "modifiers":
            qualified = self._both_qualified(draw, base)
            if qualified is None:
                return None
            base = qualified
        if draw() < 0.15 or damage == "number":
            base = self._counted(draw, base)
        first = second = base
        if label == "different":
            damaged = self._damaged(draw, base, damage)
            if damaged is None:
                return None
            second = damaged
            if wording in ("reorder", "synonym") and draw() < 0.8:
                return Pair(first, second, label)
        return Pair(first, self._paraphrased(draw, second, wording), label)

    @staticmethod
    def _damage_kind(draw: Draw, wording: str) -> str:
        if wording == "synonym":
            return pick(draw, ("verb", "verb", "noun", "number"))
        if wording == "reorder":
            return pick(draw, ("roles", "roles", "adjuncts", "modifiers"))
        return pick(draw, ("roles", "roles", "modifiers", "noun"))

    def _both_qualified(self, draw: Draw, base: Event) -> Event | None:
        agent, patient = base.agent, base.patient
        assert agent is not None and patient is not None
        if agent.kind == NAME or patient.kind == NAME:
            return None
        one, other = self._qualified(draw, agent), self._qualified(draw, patient)
        if one.adjectives == other.adjectives:
            return None
        return base.changed(agent=one, patient=other)

    def _damaged(self, draw: Draw, base: Event, damage: str) -> Event | None:
        agent, patient = base.agent, base.patient
        assert agent is not None and patient is not None
        if damage == "roles":
            return (
                base.changed(agent=patient, patient=agent) if agent.head != patient.head else None
            )
        if damage == "modifiers":
            return base.changed(
                agent=altered(agent, adjectives=patient.adjectives),
                patient=altered(patient, adjectives=agent.adjectives),
            )
        if damage == "adjuncts":
            (one, x), (other, y) = base.adjuncts
            return base.changed(adjuncts=((one, y), (other, x)))
        if damage == "number":
            return self._other_number(draw, base)
        if damage == "noun":
            return self._other_noun(draw, base, "other")
        relation = "antonym" if draw() < 0.4 else "other"
        return base.changed(verb=self._related(draw, base.verb, relation))

    def _paraphrased(self, draw: Draw, event: Event, wording: str) -> Event:
        if wording == "reorder":
            return event.changed(adjuncts=event.adjuncts[::-1])
        if wording == "synonym":
            return event.changed(verb=self._related(draw, event.verb, "synonym"))
        return self._worded(event, wording)
