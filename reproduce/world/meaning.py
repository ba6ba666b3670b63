"""Meanings: events with roles and modifiers, and the sampler that draws them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import TypeVar

from reproduce.world.draw import Draw, Table, pick
from reproduce.world.inventory import PLACES, TOPICS, Inventory
from reproduce.world.lexicon import FUTURE, PAST, PRESENT

NOUN, NAME, PRONOUN = range(3)

Meaning = TypeVar("Meaning", "Thing", "Event")


class Thing:
    """What a noun phrase means: a noun, name or pronoun with its modifiers.

    Attributes:
        kind: NOUN, NAME or PRONOUN.
        head: the concept of the noun or pronoun; of a name its first part.
        det: concept of a determiner, or 0 for none (`det.def` marks what is known).
        number: a numeral's concept, or digits, or None.
        adjectives: pairs (degree adverb or 0, adjective).
        owner: a possessor.
        clause: a relative clause, its `gap` the role of this thing.
        place: (adposition, thing) that says where this thing is.
        also: (conjunction, thing).
        modifier: a noun before or after the head, as in `stone bridge`; or 0.
        names: the parts of a name: (concept, is it a common noun?).
        entity: PER, LOC, ORG or empty.
        of_town: the last part of the name is a town after `of`.
        title: a role noun before the name of a person, or 0.
    """

    __slots__ = (
        "adjectives", "also", "clause", "det", "entity", "head", "kind", "modifier", "names",
        "number", "of_town", "owner", "person", "place", "plural", "title",
    )  # fmt: skip

    def __init__(self, kind: int, head: int):
        self.kind = kind
        self.head = head
        self.plural = False
        self.person = 3
        self.det = 0
        self.number: int | str | None = None
        self.adjectives: tuple[tuple[int, int], ...] = ()
        self.owner: Thing | None = None
        self.clause: Event | None = None
        self.modifier = 0
        self.place: tuple[int, Thing] | None = None
        self.also: tuple[int, Thing] | None = None
        self.names: tuple[tuple[int, bool], ...] = ()
        self.entity = ""
        self.of_town = False
        self.title = 0


class Event:
    """What a clause means, and how it is to be worded (the last group of attributes).

    Attributes:
        verb: its concept, or -1 for a quality (`quality` holds degree and adjective).
        agent: the subject of an active clause; None where it is relativized.
        patient: the object.
        third: (adposition, thing): a recipient or goal.
        adjuncts: (adposition, thing), or (0, thing or year) for bare times.
        adverbs: manner or time adverbs.
        said: the clause that a verb of saying takes.
        linked: (subordinator, event).
        joined: (conjunction, event).
        gap: in a relative clause the role that is its head: agent or patient.
        passive, fronted, cleft, question: wording.
    """

    __slots__ = ("adjuncts", "adverbs", "agent", "cleft", "fronted", "gap", "joined", "linked",
                 "modal", "negated", "passive", "patient", "quality", "question", "said", "tense",
                 "third", "verb")  # fmt: skip

    def __init__(self, verb: int, agent: Thing | None):
        self.verb = verb
        self.agent = agent
        self.patient: Thing | None = None
        self.third: tuple[int, Thing] | None = None
        self.quality: tuple[int, int] = (0, 0)
        self.adjuncts: tuple[tuple[int, Thing | str], ...] = ()
        self.adverbs: tuple[int, ...] = ()
        self.tense = PAST
        self.negated = False
        self.modal = 0
        self.said: Event | None = None
        self.linked: tuple[int, Event] | None = None
        self.joined: tuple[int, Event] | None = None
        self.gap = ""
        self.passive = False
        self.fronted = False
        self.cleft = False
        self.question = False

    def changed(self, **fields: object) -> Event:
        """A copy with other values."""
        return _changed(self, fields)

    def size(self) -> int:
        """How many words that every language has for it, about."""
        n = 1 + self.negated + (self.modal > 0) + len(self.adverbs) + (self.quality[0] > 0)
        for thing in (self.agent, self.patient):
            n += size(thing) if thing else 0
        if self.third:
            n += size(self.third[1])
        for _, what in self.adjuncts:
            n += 1 + (1 if isinstance(what, str) else size(what))
        n += self.said.size() + 1 if self.said else 0
        for link in (self.linked, self.joined):
            n += 1 + link[1].size() if link else 0
        return n


def size(thing: Thing) -> int:
    """How many words that every language has for it, about."""
    if thing.kind == PRONOUN:
        return 1
    n = len(thing.names) if thing.kind == NAME else 1
    n += (thing.number is not None) + (thing.title > 0) + thing.of_town
    n += (
        (thing.modifier > 0)
        + len(thing.adjectives)
        + sum(1 for degree, _ in thing.adjectives if degree)
    )
    if thing.owner:
        n += size(thing.owner)
    if thing.clause:
        n += 1 + thing.clause.size()
    if thing.place:
        n += 1 + size(thing.place[1])
    if thing.also:
        n += 1 + size(thing.also[1])
    return n


def altered(thing: Thing, **fields: object) -> Thing:
    """A copy with other values."""
    return _changed(thing, fields)


def _changed(item: Meaning, fields: dict[str, object]) -> Meaning:
    other = copy(item)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


_MODIFYING = ("substance", "animal", "building", "idea", "event", "person")


class Part:
    """A share of all meanings: those whose main event falls into given buckets.

    Splits own disjoint buckets, so that no meaning can occur in two of them, in any language.
    """

    __slots__ = ("low", "high")

    BUCKETS = 18

    def __init__(self, low: int, high: int):
        self.low = low
        self.high = high

    def holds(self, event: Event) -> bool:
        """Does the main event lie in this part?"""
        return self.low <= bucket(event) < self.high


def bucket(event: Event) -> int:
    """The bucket of an event: a hash of its predicate, agent, second role, tense and number."""
    key = (event.verb + 2) * 0x9E3779B97F4A7C15 + event.quality[1] * 0xD6E8FEB86659FD93
    key += event.tense * 0xA24BAED4963EE407
    agent = event.agent
    if agent is not None:
        key += (agent.head * 2 + agent.plural) * 0xC2B2AE3D27D4EB4F
    if event.patient is not None:
        key += event.patient.head * 0x165667B19E3779F9
    elif event.third is not None:
        key += event.third[1].head * 0x165667B19E3779F9
    elif event.adjuncts:
        what = event.adjuncts[0][1]
        if not isinstance(what, str):
            key += what.head * 0x165667B19E3779F9
    key &= 0xFFFFFFFFFFFFFFFF
    key ^= key >> 31
    key = key * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return (key >> 33) % Part.BUCKETS


class Sampler:
    """Draws meanings: topics, then verbs, then what goes with them."""

    SHORTEST, LONGEST = 5, 14  # in `size`

    def __init__(self, inv: Inventory):
        self.inv = inv
        of = inv.of
        self.of = of
        self._frames = Table(
            ("transitive", "intransitive", "quality", "motion", "ditransitive", "clausal"),
            (46, 13, 14, 11, 8, 8),
        )
        self._det = Table(
            [of[f"det.{d}"] for d in ("def", "indef", "this", "that", "some", "many", "every",
                                      "few", "such")],
            (52, 26, 6, 5, 4, 3, 2, 1, 1),
        )  # fmt: skip
        self._definite, self._indefinite = of["det.def"], of["det.indef"]
        self._plural_det = {of["det.some"], of["det.many"], of["det.few"]}
        self._tense = Table((PAST, PRESENT, FUTURE), (55, 33, 12))
        self._pronouns = Table(
            [of[f"pron.{p}"] for p in ("i", "you", "it", "we", "they", "youpl", "someone",
                                       "everyone")]
            + [of[f"det.{d}"] for d in ("this", "that", "some", "many", "few")],
            (10, 6, 3, 7, 12, 2, 3, 2, 3, 3, 3, 2, 1),
        )  # fmt: skip
        self._person = {
            of["pron.i"]: (1, False), of["pron.you"]: (2, False), of["pron.it"]: (3, False),
            of["pron.we"]: (1, True), of["pron.they"]: (3, True), of["pron.youpl"]: (2, True),
            of["pron.someone"]: (3, False), of["pron.everyone"]: (3, False),
            of["det.this"]: (3, False), of["det.that"]: (3, False), of["det.some"]: (3, True),
            of["det.many"]: (3, True), of["det.few"]: (3, True),
        }  # fmt: skip
        self._numbers = Table(
            [of[f"num.{n}"] for n in ("two", "three", "four", "five", "six", "seven", "eight",
                                      "nine", "ten", "eleven", "twelve", "hundred")],
            (16, 12, 8, 6, 4, 3, 3, 2, 4, 1, 2, 2),
        )  # fmt: skip
        self._where = Table(
            [of[f"adp.{a}"] for a in ("in", "on", "near", "behind", "under", "outside")],
            (40, 14, 18, 7, 7, 6),
        )
        self._goal = Table([of["adp.to"], of["adp.from"]], (70, 30))
        here = ("outside", "near", "behind", "under", "before", "after")
        self._whereabouts = [of[f"adp.{a}"] for a in here]
        self._degrees = Table([of[f"adv.{d}"] for d in ("very", "too", "quite", "almost")],
                              (5, 3, 2, 1))  # fmt: skip
        self._modals = Table([of["aux.can"], of["aux.must"]], (6, 4))
        self._links = Table(
            [of[f"sconj.{s}"] for s in ("because", "when", "if", "although", "before", "after",
                                        "since")],
            (9, 10, 5, 4, 4, 4, 2),
        )  # fmt: skip
        self._and, self._or, self._but = (of[f"cconj.{c}"] for c in ("and", "or", "but"))
        self._topics = Table(range(TOPICS), (9, 8, 8, 7, 7, 7, 6, 6, 6, 5, 5, 4))
        self._kinds = Table(("place", "time", "tool", "person", "about", "whole"),
                            (34, 26, 12, 14, 8, 6))  # fmt: skip

    # Sentences

    def topic(self, draw: Draw) -> int:
        """A topic."""
        return self._topics.draw(draw)

    def sentence(self, draw: Draw, part: Part, topic: int, cast: Sequence[Thing] = ()) -> Event:
        """The meaning of one sentence; `cast` are things that were spoken of before."""
        while True:
            event = self.event(draw, topic, cast)
            self._enrich(draw, event, topic)
            if self.SHORTEST <= event.size() <= self.LONGEST and self._settle(
                draw, event, part, topic
            ):
                return event

    def _settle(self, draw: Draw, event: Event, part: Part, topic: int) -> bool:
        """Draw the head of the second role anew until the event lies in its part."""
        if part.holds(event):
            return True
        target = self._second(event)
        if target is None:
            return False
        sub = self.inv.subclass.get(target.head)
        if target.kind == NAME:
            table = self.inv.name_tables[
                {"PER": "given", "LOC": "town", "ORG": "firm"}[target.entity]
            ]
        elif sub is not None:
            table = self.inv.nouns[sub][topic]
        else:
            return False
        for _ in range(9):
            target.head = table.draw(draw)
            if part.holds(event):
                break
        else:
            return False
        if target.kind == NAME:
            target.names = ((target.head, False), *target.names[1:])
        return True

    @staticmethod
    def _second(event: Event) -> Thing | None:
        if event.patient is not None:
            found = event.patient
        elif event.third is not None:
            found = event.third[1]
        else:
            what = event.adjuncts[0][1] if event.adjuncts else event.agent
            if what is None or isinstance(what, str):
                return None
            found = what
        # A name that starts with a common noun (`lake x`) keeps its parts.
        return None if found.names and found.names[0][1] else found

    def event(self, draw: Draw, topic: int, cast: Sequence[Thing] = ()) -> Event:
        """A bare event: predicate, roles, tense, polarity, with plain modifiers."""
        frame = self._frames.draw(draw)
        if frame == "quality":
            event = self._quality(draw, topic, cast)
        else:
            inv = self.inv
            verb = inv.verbs[frame, topic].draw(draw)
            sub = inv.agent[verb].draw(draw)
            event = Event(verb, self._participant(draw, sub, topic, cast, subject=True))
            if frame == "clausal":
                event.said = self._inner(draw, topic, cast)
            elif frame == "motion":
                event.third = (self._goal.draw(draw), self._place_thing(draw, topic))
            elif frame != "intransitive":
                sub = inv.patient[verb].draw(draw)
                event.patient = self._participant(draw, sub, topic, cast)
                if frame == "ditransitive":
                    sub = inv.any_sub["person", topic].draw(draw)
                    event.third = (
                        self.of["adp.to"], self._participant(draw, sub, topic, cast)
                    )  # fmt: skip
            if draw() < 0.1:
                event.modal = self._modals.draw(draw)
        event.tense = PRESENT if event.modal else self._tense.draw(draw)
        event.negated = draw() < 0.13
        return event

    def _inner(self, draw: Draw, topic: int, cast: Sequence[Thing]) -> Event:
        while True:
            event = self.event(draw, topic, cast)
            if event.said is None and event.size() <= 8:
                return event

    def _quality(self, draw: Draw, topic: int, cast: Sequence[Thing]) -> Event:
        name = pick(draw, ("person", "building", "tool", "food", "animal", "document", "vehicle",
                           "landscape", "event", "clothing"))  # fmt: skip
        sub = self.inv.any_sub[name, topic].draw(draw)
        agent = self._participant(draw, sub, topic, cast, subject=True)
        if agent.kind == NOUN and agent.head in self.inv.subclass:
            sub = self.inv.subclass[agent.head]
        event = Event(-1, agent)
        degree = self._degrees.draw(draw) if draw() < 0.22 else 0
        event.quality = (degree, self.inv.adjectives[sub].draw(draw))
        return event

    def _enrich(self, draw: Draw, event: Event, topic: int) -> None:
        """Adjuncts, adverbs, and further clauses, more where the sentence is still short."""
        if draw() < 0.2 and event.verb >= 0:
            event.adverbs = (self.inv.manner[event.verb].draw(draw),) if (
                event.verb in self.inv.manner) else ()  # fmt: skip
        if draw() < 0.13:
            times = "past" if event.tense == PAST else (
                "future" if event.tense == FUTURE else "present")  # fmt: skip
            event.adverbs += (self.inv.time_adverbs[times].draw(draw),)
        if draw() < 0.06:
            event.adverbs += (pick(draw, self._whereabouts),)
        chance = 0.95 if event.size() < 5 else 0.3
        if draw() < chance:
            event.adjuncts = (self.adjunct(draw, topic),)
            if event.size() < 6 or draw() < 0.06:
                event.adjuncts += (self.adjunct(draw, topic),)
            event.fronted = draw() < 0.16
        roll = draw()
        if roll < 0.1:
            event.linked = (self._links.draw(draw), self._inner(draw, topic, ()))
        elif roll < 0.18:
            conjunction = self._and if draw() < 0.6 else self._but
            event.joined = (conjunction, self._inner(draw, topic, ()))
        elif roll < 0.21:
            event.question = True
        if event.patient is not None:
            event.passive = draw() < 0.12 and event.agent is not None

    # Things

    def _participant(
        self,
        draw: Draw,
        sub: int,
        topic: int,
        cast: Sequence[Thing],
        *,
        subject: bool = False,
    ) -> Thing:
        name = self.inv.class_of[sub]
        if cast and draw() < 0.45:
            fitting = [t for t in cast if _kind_of(self.inv, t) == name]
            if fitting:
                return self._again(draw, pick(draw, fitting))
        roll = draw()
        if name == "person":
            if roll < 0.3:
                return self.person(draw)
            if roll < (0.47 if subject else 0.38):
                return self.pronoun(draw)
        elif name == "group" and roll < 0.6:
            return self.firm(draw)
        elif name in PLACES and roll < 0.3:
            return self.town(draw)
        return self.thing(draw, sub, topic)

    def _again(self, draw: Draw, thing: Thing) -> Thing:
        """Something spoken of before: a bare definite, a pronoun, or the general word for it."""
        roll = draw()
        if thing.kind == NOUN:
            head = thing.head
            if roll > 0.85 and head in self.inv.subclass:
                head = self.inv.hypernym(head)
            again = Thing(NOUN, head)
            again.plural, again.det = thing.plural, self._definite
            if roll < 0.2:
                again.adjectives = thing.adjectives
            return again
        if thing.entity == "PER" and len(thing.names) > 1 and roll < 0.5:
            keep = thing.names[:1] if roll < 0.25 else thing.names[1:]
            return altered(thing, names=keep, head=keep[0][0], title=0)
        return altered(thing, title=0)

    def pronoun(self, draw: Draw) -> Thing:
        """A personal pronoun."""
        thing = Thing(PRONOUN, self._pronouns.draw(draw))
        thing.person, thing.plural = self._person[thing.head]
        return thing

    def thing(self, draw: Draw, sub: int, topic: int, depth: int = 0) -> Thing:
        """A noun with modifiers."""
        thing = Thing(NOUN, self.inv.nouns[sub][topic].draw(draw))
        thing.det = self._det.draw(draw)
        roll = draw()
        if thing.det in self._plural_det:
            thing.plural = True
        elif roll < 0.1:
            thing.number = str(2 + int(draw() * draw() * 98)) if roll < 0.03 else (
                self._numbers.draw(draw))  # fmt: skip
            thing.plural = True
            thing.det = self._definite if draw() < 0.25 else 0
        elif roll < 0.28 and thing.det in (self._definite, self._indefinite):
            thing.plural = True
            thing.det = self._definite if thing.det == self._definite else 0
        if draw() < 0.3:
            thing.adjectives = (self.quality_of(draw, sub),)
            if draw() < 0.1:
                thing.adjectives += (self.quality_of(draw, sub),)
        roll = draw()
        if roll < 0.09:
            other = self.inv.any_sub[pick(draw, _MODIFYING), topic].draw(draw)
            thing.modifier = self.inv.nouns[other][topic].draw(draw)
        if depth == 0:
            self._attribute(draw, thing, topic)
        if roll > 0.955 and not thing.adjectives:
            thing.head = self.inv.adjectives[sub].draw(draw)  # `the old`
        return thing

    def quality_of(self, draw: Draw, sub: int) -> tuple[int, int]:
        """A degree (or 0) and an adjective that suits the subclass."""
        degree = self._degrees.draw(draw) if draw() < 0.1 else 0
        return degree, self.inv.adjectives[sub].draw(draw)

    def _attribute(self, draw: Draw, thing: Thing, topic: int) -> None:
        roll = draw()
        if roll < 0.1:
            thing.det = 0
            thing.owner = self._owner(draw, topic)
        elif roll < 0.17:
            thing.place = (self._where.draw(draw), self._place_thing(draw, topic))
        elif roll < 0.24:
            thing.clause = self._relative(draw, thing, topic)
        elif roll < 0.29:
            sub = self.inv.subclass[thing.head]
            other = self.thing(draw, sub, topic, 1)
            thing.also = (self._and if draw() < 0.8 else self._or, other)

    def _owner(self, draw: Draw, topic: int) -> Thing:
        roll = draw()
        if roll < 0.35:
            return self.pronoun(draw)
        if roll < 0.6:
            return self.person(draw)
        if roll < 0.7:
            return self.firm(draw)
        return self.thing(draw, self.inv.any_sub["person", topic].draw(draw), topic, 1)

    def _relative(self, draw: Draw, thing: Thing, topic: int) -> Event | None:
        name = self.inv.class_of[self.inv.subclass[thing.head]]
        role = "agent" if name in ("person", "animal", "group") else "patient"
        wanted = self.inv.agent_class if role == "agent" else self.inv.patient_class
        for _ in range(6):
            event = self.event(draw, topic)
            if event.verb < 0 or event.said or event.modal or event.size() > 6:
                continue
            if wanted[event.verb] == name and (role == "agent" or event.patient is not None):
                setattr(event, role, None)
                event.gap, event.passive = role, False
                return event
        return None

    # Names

    def person(self, draw: Draw) -> Thing:
        """A person's name: given name, surname or both, sometimes with a title."""
        tables, roll = self.inv.name_tables, draw()
        given, surname = tables["given"].draw(draw), tables["surname"].draw(draw)
        parts = (given, surname) if roll < 0.45 else ((given,) if roll < 0.72 else (surname,))
        thing = self._named("PER", [(p, False) for p in parts])
        if draw() < 0.1:
            sub = pick(draw, self.inv.subclasses["person"])
            thing.title = self.inv.members[sub][1 + int(draw() * 3)]
        return thing

    def town(self, draw: Draw) -> Thing:
        """A place's name, sometimes with the kind of place as a part of it."""
        name = self.inv.name_tables["town"].draw(draw)
        if draw() < 0.22:
            sub = pick(draw, self.inv.subclasses["landscape"])
            noun = self.inv.members[sub][1 + int(draw() * draw() * 6)]
            return self._named("LOC", [(noun, True), (name, False)])
        return self._named("LOC", [(name, False)])

    def firm(self, draw: Draw) -> Thing:
        """An organization: a name that may be a person's or town's, or a name with a noun."""
        tables, roll = self.inv.name_tables, draw()
        if roll < 0.45:
            return self._named("ORG", [(tables["firm"].draw(draw), False)])
        sub = pick(draw, self.inv.subclasses["group"])
        noun = (self.inv.members[sub][1 + int(draw() * draw() * 6)], True)
        if roll < 0.75:
            return self._named("ORG", [(tables["firm"].draw(draw), False), noun])
        thing = self._named("ORG", [noun, (tables["town"].draw(draw), False)])
        thing.of_town = True
        return thing

    @staticmethod
    def _named(entity: str, names: list[tuple[int, bool]]) -> Thing:
        thing = Thing(NAME, names[0][0])
        thing.names, thing.entity = tuple(names), entity
        return thing

    # Circumstances

    def _place_thing(self, draw: Draw, topic: int) -> Thing:
        roll = draw()
        if roll < 0.3:
            return self.town(draw)
        if roll < 0.36:
            return self.firm(draw)
        name = "building" if draw() < 0.6 else "landscape"
        return self.thing(draw, self.inv.any_sub[name, topic].draw(draw), topic, 1)

    def adjunct(self, draw: Draw, topic: int) -> tuple[int, Thing | str]:
        """A circumstance: place, time, instrument, company, subject matter."""
        kind, of, inv = self._kinds.draw(draw), self.of, self.inv
        if kind == "place":
            return self._where.draw(draw), self._place_thing(draw, topic)
        if kind == "time":
            if draw() < 0.25:
                return of["adp.in"], str(1890 + int(draw() * 135))
            thing = Thing(NOUN, inv.time_nouns.draw(draw))
            thing.det = self._definite if draw() < 0.7 else of["det.this"]
            adp = pick(draw, ("in", "in", "before", "after", "on"))
            return of[f"adp.{adp}"], thing
        if kind == "tool":
            sub = inv.any_sub["tool", topic].draw(draw)
            adp = "with" if draw() < 0.75 else "without"
            return of[f"adp.{adp}"], self.thing(draw, sub, topic, 1)
        if kind == "person":
            sub = inv.any_sub["person", topic].draw(draw)
            adp = pick(draw, ("with", "with", "for", "without"))
            return of[f"adp.{adp}"], self._participant(draw, sub, topic, ())
        if kind == "about":
            sub = inv.any_sub["idea", topic].draw(draw)
            return of["adp.about"], self.thing(draw, sub, topic, 1)
        sub = inv.any_sub["event", topic].draw(draw)
        adp = pick(draw, ("before", "after", "for"))
        return of[f"adp.{adp}"], self.thing(draw, sub, topic, 1)


def _kind_of(inv: Inventory, thing: Thing) -> str:
    if thing.kind == NAME:
        return {"PER": "person", "LOC": "building", "ORG": "group"}[thing.entity]
    return inv.class_of[inv.subclass[thing.head]] if thing.head in inv.subclass else ""
