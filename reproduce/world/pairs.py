"""Sentence pairs with a known relation: what the pair tasks have in common.

What could give a label away without reading both sentences is drawn first and without the label:
modifiers, numbers, circumstances, what the first sentence has beyond the second. Only then is it
settled what is exchanged for what: that alone depends on the label.
"""

from __future__ import annotations

from dataclasses import dataclass

from reproduce.world.draw import Draw, Table, pick, zipf
from reproduce.world.inventory import Quad
from reproduce.world.lexicon import PAST, PRESENT
from reproduce.world.meaning import NAME, NOUN, PRONOUN, Event, Part, Sampler, Thing, altered

LABELS = {
    "nli": ("entailment", "neutral", "contradiction"),
    "paraphrase": ("paraphrase", "different"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two meanings and their relation; `edit` names what was done, for analyses."""

    first: Event
    second: Event
    label: str
    edit: str = ""


class PairWriter:
    """Draws the short events that pairs are made of, and edits them."""

    def __init__(self, sampler: Sampler):
        self.sampler = sampler
        inv = self.inv = sampler.inv
        of = inv.of
        # Few relations of words, steeply distributed: some thousand pairs are to be enough.
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
        self._numbers = [of[f"num.{n}"] for n in ("two", "three", "four", "five", "six", "ten")]
        self.anyone = Thing(PRONOUN, of["pron.someone"])
        self._some = of["det.some"]
        self._times = inv.time_nouns.items[:8]

    # Drawing

    def base(self, draw: Draw, part: Part, *, alike: bool, adjuncts: int) -> Event:
        """A short event in the given part of all meanings; `alike`: two participants of a kind."""
        while True:
            topic = self.sampler.topic(draw)
            verb = self._member(draw, self._verbs)
            event = Event(verb, self.someone(draw, topic))
            if alike:
                event.patient = self.someone(draw, topic)
            else:
                event.patient = self._noun(draw, self.inv.patient[verb].draw(draw), topic)
            event.tense = PAST if draw() < 0.7 else PRESENT
            event.adjuncts = self.adjuncts(draw, topic, adjuncts)
            if part.holds(event):
                return event

    def someone(self, draw: Draw, topic: int) -> Thing:
        """A person: a name of one word, or a noun."""
        if draw() < 0.4:
            thing = self.sampler.person(draw)
            return altered(thing, names=thing.names[:1], title=0)
        return self._noun(draw, self.inv.any_sub["person", topic].draw(draw), topic)

    def _noun(self, draw: Draw, sub: int, topic: int) -> Thing:
        thing = Thing(NOUN, self.inv.nouns[sub][topic].draw(draw))
        thing.det = self._definite if draw() < 0.7 else self._indefinite
        return thing

    def adjuncts(self, draw: Draw, topic: int, count: int) -> tuple[tuple[int, Thing | str], ...]:
        """So many circumstances (at most three), each of another kind."""
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
            return of["adp.with" if draw() < 0.5 else "adp.without"], self.someone(draw, topic)
        adp = pick(draw, ("in", "outside", "on", "under"))
        sub = inv.any_sub["building" if draw() < 0.6 else "landscape", topic].draw(draw)
        return of[f"adp.{adp}"], self._noun(draw, sub, topic)

    def qualified(self, draw: Draw, thing: Thing, *, negated: bool = False) -> Thing:
        """With an adjective; a name is replaced by a noun first."""
        quality = self._member(draw, self._qualities)
        return altered(
            self._common(draw, thing), adjectives=((self._not if negated else 0, quality),)
        )

    def counted(self, draw: Draw, thing: Thing) -> Thing:
        """With a number; a name is replaced by a noun first."""
        thing = self._common(draw, thing)
        return altered(thing, number=self._number(draw), det=0, plural=True)

    def vague(self, draw: Draw, thing: Thing) -> Thing:
        """`Some` of them; a name is replaced by a noun first."""
        return altered(self._common(draw, thing), det=self._some, plural=True)

    def is_vague(self, thing: Thing) -> bool:
        """Is it `some` of them?"""
        return thing.det == self._some

    def _common(self, draw: Draw, thing: Thing) -> Thing:
        if thing.kind == NOUN:
            return thing
        return self._noun(draw, self.inv.subclasses["person"][0], 0)

    def _number(self, draw: Draw) -> int | str:
        return str(11 + int(draw() * 60)) if draw() < 0.4 else pick(draw, self._numbers)

    def _member(self, draw: Draw, table: Table[Quad]) -> int:
        """A word of a quad; all four are equally likely, so that none tells a label."""
        return pick(draw, pick(draw, table.draw(draw)))

    # Editing; each returns None where it does not apply

    def other_verb(self, draw: Draw, event: Event, relation: str) -> Event:
        """The verb exchanged for its synonym, an antonym or another."""
        return event.changed(verb=self._related(draw, event.verb, relation))

    def other_quality(self, draw: Draw, event: Event, relation: str) -> Event | None:
        """The adjective of the patient exchanged likewise."""
        thing = event.patient
        if thing is None or not thing.adjectives:
            return None
        degree, word = thing.adjectives[0]
        word = self._related(draw, word, relation)
        return event.changed(patient=altered(thing, adjectives=((degree, word),)))

    def _related(self, draw: Draw, word: int, relation: str) -> int:
        quad = self._quad_of[word]
        here, there = quad if word in quad[0] else quad[::-1]
        if relation == "synonym":
            return here[1] if word == here[0] else here[0]
        if relation == "antonym":
            return pick(draw, there)
        table = self._verbs if word in self.inv.frame else self._qualities
        while True:
            other = self._member(draw, table)
            if other not in here and other not in there:
                return other

    def other_number(self, draw: Draw, event: Event) -> Event | None:
        """Another number of patients."""
        thing = event.patient
        if thing is None or thing.number is None:
            return None
        number = thing.number
        while number == thing.number:
            number = self._number(draw)
        return event.changed(patient=altered(thing, number=number))

    def opposite_place(self, event: Event) -> Event | None:
        """`in` for `outside`, `before` for `after`, `with` for `without`."""
        if not event.adjuncts:
            return None
        (adposition, what), *rest = event.adjuncts
        return event.changed(adjuncts=((self._opposite[adposition], what), *rest))

    def other_noun(self, draw: Draw, event: Event) -> Event:
        """Another agent, patient or circumstance of the same kind."""
        roll = draw()
        if event.adjuncts and roll < 0.3:
            (adposition, what), *rest = event.adjuncts
            assert isinstance(what, Thing)
            return event.changed(adjuncts=((adposition, self._another(draw, what)), *rest))
        role = "patient" if roll > 0.65 or event.agent == self.anyone else "agent"
        return event.changed(**{role: self._another(draw, getattr(event, role))})

    def _another(self, draw: Draw, thing: Thing) -> Thing:
        head = thing.head
        sub = self.inv.subclass.get(head)
        while head == thing.head:
            if thing.kind == NAME:
                head = self.inv.name_tables["given"].draw(draw)
            elif sub is None:
                head = pick(draw, self._times)
            else:
                other = pick(draw, self.inv.subclasses[self.inv.class_of[sub]])
                head = self.inv.nouns[other][0].draw(draw)
        names = ((head, False),) if thing.kind == NAME else ()
        return altered(thing, head=head, names=names)

    def special_noun(self, draw: Draw, event: Event) -> Event | None:
        """The general word for the patient exchanged for one of its kinds."""
        thing = event.patient
        sub = self.inv.subclass.get(thing.head) if thing else None
        if thing is None or sub is None or thing.head != self.inv.members[sub][0]:
            return None
        special = pick(draw, self.inv.members[sub][1:])
        return event.changed(patient=altered(thing, head=special))

    @staticmethod
    def roles_exchanged(event: Event) -> Event | None:
        """Who did it to whom, the other way round."""
        agent, patient = event.agent, event.patient
        if agent is None or patient is None or agent.head == patient.head:
            return None
        return event.changed(agent=patient, patient=agent)

    @staticmethod
    def modifiers_exchanged(event: Event) -> Event | None:
        """The adjectives of agent and patient exchanged."""
        agent, patient = event.agent, event.patient
        if agent is None or patient is None or agent.adjectives == patient.adjectives:
            return None
        if not agent.adjectives or not patient.adjectives:
            return None
        return event.changed(
            agent=altered(agent, adjectives=patient.adjectives),
            patient=altered(patient, adjectives=agent.adjectives),
        )

    @staticmethod
    def circumstances_exchanged(event: Event) -> Event | None:
        """The nouns of two circumstances exchanged."""
        if len(event.adjuncts) != 2:
            return None
        (one, x), (other, y) = event.adjuncts
        return event.changed(adjuncts=((one, y), (other, x)))

    # Rewording

    @staticmethod
    def reordered(event: Event) -> Event | None:
        """Circumstances in the other order."""
        if len(event.adjuncts) != 2:
            return None
        return event.changed(adjuncts=event.adjuncts[::-1])

    @staticmethod
    def fronted(event: Event) -> Event | None:
        """The first circumstance at the head of the sentence."""
        return event.changed(fronted=True) if event.adjuncts else None

    @staticmethod
    def passive(event: Event) -> Event | None:
        """In the passive voice."""
        return event.changed(passive=True)

    @staticmethod
    def cleft(event: Event) -> Event | None:
        """`It is X that ...`."""
        return event.changed(cleft=True)
