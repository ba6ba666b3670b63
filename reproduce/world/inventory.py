"""The concepts of the world: what can be said, in which topics, and what goes with what.

A concept is an integer. Languages differ in how they call it, never in what it means or which other
concepts it occurs with: that is the trace of meaning that a multilingual encoder can find.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from reproduce.world.draw import Draw, Table, pick, shuffled, stream, zipf

TOPICS = 12

# class -> number of subclasses; each subclass is a hypernym and MEMBERS hyponyms.
NOUN_CLASSES = {
    "person": 12,
    "animal": 6,
    "food": 6,
    "tool": 7,
    "vehicle": 3,
    "clothing": 4,
    "building": 6,
    "landscape": 5,
    "document": 5,
    "substance": 4,
    "furniture": 4,
    "idea": 6,
    "event": 5,
    "group": 4,
}
MEMBERS = 7

THINGS = ("food", "tool", "vehicle", "clothing", "document", "substance", "furniture")
PLACES = ("building", "landscape")

# frame -> (verbs a topic, classes of the agent, classes of the second role)
FRAMES: dict[str, tuple[int, tuple[str, ...], tuple[str, ...]]] = {
    "intransitive": (4, ("person", "animal", "person", "group"), ()),
    "transitive": (
        13,
        ("person", "person", "person", "animal", "group"),
        (*THINGS, "person", "animal", "building", "idea", "event", "person", "document"),
    ),
    "ditransitive": (2, ("person", "person", "group"), (*THINGS, "animal", "document")),
    "motion": (2, ("person", "person", "animal", "vehicle"), PLACES),
}
CLAUSAL = 18

ADPOSITIONS = ("in", "on", "under", "near", "behind", "outside", "from", "to", "with", "without",
               "for", "about", "before", "after", "by", "of")  # fmt: skip
FUNCTION = {
    "DET": ("def", "indef", "this", "that", "every", "some", "many", "few", "such"),
    "PRON": ("i", "you", "it", "we", "youpl", "they", "relative", "dummy", "someone", "everyone"),
    "ADP": ADPOSITIONS,
    "CCONJ": ("and", "or", "but"),
    "SCONJ": ("complement", "because", "when", "if", "although", "before", "after", "since"),
    "AUX": ("copula", "future", "passive", "can", "must", "past"),
    "PART": ("not", "question", "only"),
    "NUM": ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve", "hundred"),
}  # fmt: skip
TIME_ADVERBS = {
    "past": ("yesterday", "earlier", "lastyear", "lastnight"),
    "future": ("tomorrow", "later", "nextyear", "soon"),
    "present": ("now", "today", "always", "often", "usually", "rarely"),
}
DEGREES = ("very", "too", "quite", "almost")
MANNERS = 40
TIME_NOUNS = 16
ADJECTIVE_PAIRS = 62  # antonyms
ADJECTIVE_SYNONYMS = 40
ADJECTIVE_OTHERS = 56

GIVEN, SURNAMES, TOWNS, FIRMS = 56, 60, 52, 22


Quad = tuple[tuple[int, int], tuple[int, int]]
"""Two synonyms and their two antonyms."""


@dataclass(slots=True)
class Inventory:
    """All concepts with their relations and the tables that they are drawn from."""

    names: list[str] = field(default_factory=list)  # concept -> readable id, e.g. "noun.food.2.3"
    tags: list[str] = field(default_factory=list)  # concept -> UPOS
    rank: list[int] = field(default_factory=list)  # concept -> rough frequency rank in its class
    of: dict[str, int] = field(default_factory=dict)
    subclass: dict[int, int] = field(default_factory=dict)  # noun -> subclass
    members: list[list[int]] = field(default_factory=list)  # subclass -> nouns, hypernym first
    class_of: list[str] = field(default_factory=list)  # subclass -> class
    subclasses: dict[str, list[int]] = field(default_factory=dict)
    nouns: list[list[Table[int]]] = field(default_factory=list)  # [subclass][topic]
    any_sub: dict[tuple[str, int], Table[int]] = field(default_factory=dict)  # (class, topic)
    frame: dict[int, str] = field(default_factory=dict)  # verb -> frame
    verbs: dict[tuple[str, int], Table[int]] = field(default_factory=dict)  # (frame, topic)
    agent: dict[int, Table[int]] = field(default_factory=dict)  # verb -> subclasses
    patient: dict[int, Table[int]] = field(default_factory=dict)
    agent_class: dict[int, str] = field(default_factory=dict)
    patient_class: dict[int, str] = field(default_factory=dict)
    manner: dict[int, Table[int]] = field(default_factory=dict)  # verb -> adverbs
    adjectives: list[Table[int]] = field(default_factory=list)  # [subclass]
    synonym: dict[int, int] = field(default_factory=dict)
    antonym: dict[int, int] = field(default_factory=dict)
    verb_quads: list[Quad] = field(default_factory=list)
    adjective_quads: list[Quad] = field(default_factory=list)
    same_root: list[tuple[int, int]] = field(default_factory=list)  # (shared with, concept)
    time_nouns: Table[int] = field(default_factory=lambda: Table([0], [1]))
    time_adverbs: dict[str, Table[int]] = field(default_factory=dict)
    name_tables: dict[str, Table[int]] = field(default_factory=dict)
    loans: frozenset[int] = frozenset()
    eponyms: dict[int, int] = field(default_factory=dict)  # noun -> the name that it sounds like

    def add(self, name: str, tag: str, rank: int) -> int:
        """A new concept."""
        concept = len(self.names)
        self.names.append(name)
        self.tags.append(tag)
        self.rank.append(rank)
        self.of[name] = concept
        return concept

    def hypernym(self, noun: int) -> int:
        """The general word of a noun's subclass (itself for a hypernym)."""
        return self.members[self.subclass[noun]][0]


@lru_cache(maxsize=1)
def inventory() -> Inventory:
    """The one inventory, made from a fixed seed."""
    inv = Inventory()
    draw = stream("inventory", 3)
    _add_function_words(inv)
    _add_nouns(inv, draw)
    _add_adjectives(inv, draw)
    _add_adverbs(inv)
    _add_verbs(inv, draw)
    _add_names(inv)
    _relate(inv, draw)
    return inv


def _add_function_words(inv: Inventory) -> None:
    for tag, words in FUNCTION.items():
        for rank, word in enumerate(words):
            inv.add(f"{tag.lower()}.{word}", tag, rank)


def _add_nouns(inv: Inventory, draw: Draw) -> None:
    home: list[int] = []  # subclass -> topic
    for name, count in NOUN_CLASSES.items():
        topics = shuffled(draw, range(TOPICS))
        inv.subclasses[name] = []
        for k in range(count):
            sub = len(inv.members)
            inv.members.append([])
            inv.class_of.append(name)
            inv.subclasses[name].append(sub)
            home.append(topics[k % TOPICS])
            for member in range(MEMBERS + 1):
                noun = inv.add(f"noun.{name}.{k}.{member}", "NOUN", k * 4 + member * 5)
                inv.members[sub].append(noun)
                inv.subclass[noun] = sub
    for sub, nouns in enumerate(inv.members):
        # A noun is at home in the topic of its subclass, or, one time in three, in another.
        topic_of = [home[sub] if draw() < 0.67 else int(draw() * TOPICS) for _ in nouns]
        base = zipf(len(nouns), 1)
        inv.nouns.append(
            [
                Table(nouns, [w * (7 if t == topic else 1) for w, t in zip(base, topic_of,
                      strict=True)])
                for topic in range(TOPICS)
            ]
        )  # fmt: skip
    for name, subs in inv.subclasses.items():
        for topic in range(TOPICS):
            base = zipf(len(subs), 1)
            weights = [w * (9 if home[s] == topic else 1) for w, s in zip(base, subs, strict=True)]
            inv.any_sub[name, topic] = Table(subs, weights)
    times = [inv.add(f"noun.time.{k}", "NOUN", k) for k in range(TIME_NOUNS)]
    inv.time_nouns = Table(times, zipf(TIME_NOUNS, 1))


def _add_adjectives(inv: Inventory, draw: Draw) -> None:
    words: list[int] = []
    for k in range(ADJECTIVE_PAIRS):
        one, other = (inv.add(f"adj.{k}.{side}", "ADJ", k) for side in "ab")
        inv.antonym[one], inv.antonym[other] = other, one
        words += [one, other]
    paired = list(words)
    for k in range(ADJECTIVE_SYNONYMS):
        word = inv.add(f"adj.{k}.synonym", "ADJ", 3 + k // 2)
        other = paired[k]
        inv.synonym[word], inv.synonym[other] = other, word
        inv.antonym[word] = inv.antonym[other]
        words.append(word)
    inv.adjective_quads = [
        _quad(inv, paired[k], paired[k + 1]) for k in range(0, ADJECTIVE_SYNONYMS, 2)
    ]
    words += [inv.add(f"adj.{k}", "ADJ", 60 + k) for k in range(ADJECTIVE_OTHERS)]
    # Words of a pair, and synonyms, qualify the same nouns: each subclass prefers some of the
    # families of adjectives, and a few go with everything.
    for _ in inv.members:
        fits = {w: draw() for w in words}
        for word in paired:
            fits[inv.antonym[word]] = fits[word]
        for word in words:
            if word in inv.synonym and word > inv.synonym[word]:
                fits[word] = fits[inv.synonym[word]]
        chosen = [w for w in words if fits[w] < 0.16 or inv.rank[w] < 5]
        inv.adjectives.append(Table(chosen, [100_000 // (inv.rank[w] + 4) for w in chosen]))


def _add_adverbs(inv: Inventory) -> None:
    for time, words in TIME_ADVERBS.items():
        concepts = [inv.add(f"adv.{w}", "ADV", 4 + k * 3) for k, w in enumerate(words)]
        inv.time_adverbs[time] = Table(concepts, zipf(len(concepts), 1))
    for rank, word in enumerate(DEGREES):
        inv.add(f"adv.{word}", "ADV", rank * 4)
    for k in range(MANNERS):
        inv.add(f"adv.manner.{k}", "ADV", 8 + k)


def _add_verbs(inv: Inventory, draw: Draw) -> None:
    manners = [inv.of[f"adv.manner.{k}"] for k in range(MANNERS)]
    for k in range(0, 24, 2):
        a, b = manners[k], manners[k + 1]
        inv.antonym[a], inv.antonym[b] = b, a
    for frame, (per_topic, agents, patients) in FRAMES.items():
        by_topic: list[list[int]] = []
        for topic in range(TOPICS):
            by_topic.append([])
            for k in range(per_topic):
                verb = inv.add(f"verb.{frame}.{topic}.{k}", "VERB", k * 8 + topic)
                by_topic[topic].append(verb)
                inv.frame[verb] = frame
                _give_roles(inv, draw, verb, pick(draw, agents),
                            pick(draw, patients) if patients else "")  # fmt: skip
                inv.manner[verb] = Table(shuffled(draw, manners)[:8], zipf(8, 1))
            _pair_verbs(inv, by_topic[topic])
        for topic in range(TOPICS):
            verbs = by_topic[topic] + [v for t in range(TOPICS) if t != topic for v in by_topic[t]]
            weights = [
                100_000 // (k + 2) if k < per_topic else 6_000 // (inv.rank[v] + 6)
                for k, v in enumerate(verbs)
            ]
            inv.verbs[frame, topic] = Table(verbs, weights)
    said = [inv.add(f"verb.clausal.{k}", "VERB", k * 2) for k in range(CLAUSAL)]
    for verb in said:
        inv.frame[verb] = "clausal"
        _give_roles(inv, draw, verb, "person", "")
    for topic in range(TOPICS):
        inv.verbs["clausal", topic] = Table(said, zipf(CLAUSAL, 1))


def _give_roles(inv: Inventory, draw: Draw, verb: int, agent: str, patient: str) -> None:
    inv.agent_class[verb], inv.patient_class[verb] = agent, patient
    for table, name in ((inv.agent, agent), (inv.patient, patient)):
        if name:
            subs = shuffled(draw, inv.subclasses[name])
            weights = [12, 6, 4] + [1] * len(subs)
            table[verb] = Table(subs, weights[: len(subs)])


# Among the transitive verbs of a topic: two quads of synonyms and antonyms.
_QUADS = (((0, 8), (1, 9)), ((4, 10), (5, 11)))


def _quad(inv: Inventory, one: int, other: int) -> Quad:
    return (one, inv.synonym[one]), (other, inv.synonym[other])


def _pair_verbs(inv: Inventory, verbs: list[int]) -> None:
    """Make verbs of a topic synonyms and antonyms, alike in the things they go with."""
    if len(verbs) > 11:
        for quad in _QUADS:
            (a, same_a), (b, same_b) = (tuple(verbs[k] for k in side) for side in quad)
            inv.synonym |= {a: same_a, same_a: a, b: same_b, same_b: b}
            inv.antonym |= {a: b, b: a, same_a: b, same_b: a}
            inv.verb_quads.append(_quad(inv, a, b))
            for word in (same_a, b, same_b):
                _alike(inv, a, word)
    elif len(verbs) > 1:
        a, b = verbs[:2]
        inv.antonym |= {a: b, b: a}
        _alike(inv, a, b)
    for a, b in zip(verbs[2::4], verbs[3::4], strict=False):
        inv.synonym |= {a: b, b: a}
        _alike(inv, a, b)


def _alike(inv: Inventory, model: int, verb: int) -> None:
    for table in (inv.agent, inv.patient, inv.manner):
        if model in table:
            table[verb] = table[model]
    inv.agent_class[verb] = inv.agent_class[model]
    inv.patient_class[verb] = inv.patient_class[model]


def _add_names(inv: Inventory) -> None:
    given = [inv.add(f"name.given.{k}", "PROPN", k) for k in range(GIVEN)]
    surnames = [inv.add(f"name.surname.{k}", "PROPN", k) for k in range(SURNAMES)]
    towns = [inv.add(f"name.town.{k}", "PROPN", k) for k in range(TOWNS)]
    firms = [inv.add(f"name.firm.{k}", "PROPN", k) for k in range(FIRMS)]
    # Names are ambiguous: a firm bears a surname, a person that of a town, a town that of a person.
    uses = {
        "given": given + towns[3::9],
        "surname": surnames + towns[1::4] + given[5::9],
        "town": towns + surnames[2::6] + given[4::9],
        "firm": firms + surnames[0::2] + towns[0::5],
    }
    for use, names in uses.items():
        inv.name_tables[use] = Table(names, zipf(len(names), 2))


_ZERO_DERIVED = (
    ("transitive", 0), ("transitive", 2), ("transitive", 3), ("transitive", 5), ("transitive", 9),
    ("transitive", 10), ("intransitive", 1), ("intransitive", 2), ("motion", 0),
)  # fmt: skip


def _relate(inv: Inventory, draw: Draw) -> None:
    """Choose which concepts share a form: zero derivation, homographs, loans, eponyms."""
    share = inv.same_root
    for topic in range(TOPICS):
        for frame, k in _ZERO_DERIVED:  # `a hammer`, `to hammer`
            verb = inv.of[f"verb.{frame}.{topic}.{k}"]
            name = pick(draw, ("tool", "event", "document", "food", "person", "building"))
            sub = inv.any_sub[name, topic].draw(draw)
            share.append((inv.members[sub][int(draw() * 4)], verb))
    for k in range(0, MANNERS, 2):  # `fast`: adjective, adverb
        share.append((inv.of[f"adj.{k}"], inv.of[f"adv.manner.{k}"]))
    for k in range(36):  # `a native`, `native`
        name = pick(draw, ("person", "person", "substance", "animal", "idea"))
        noun = pick(draw, inv.members[pick(draw, inv.subclasses[name])])
        share.append((noun, inv.of[f"adj.{k + 1}.{'ab'[k % 2]}"]))
    for one, other in (
        ("adp.before", "sconj.before"),
        ("adp.after", "sconj.after"),
        ("det.that", "sconj.complement"),
        ("det.that", "pron.relative"),
        ("num.one", "det.indef"),
        ("det.some", "pron.someone"),
        ("adp.for", "sconj.since"),
        ("aux.can", "noun.food.1.2"),
        ("aux.must", "noun.substance.0.3"),
        ("adp.near", "adj.3.a"),
        ("adp.outside", "noun.building.1.4"),
        ("adv.later", "adj.5.a"),
        ("part.only", "adj.9.a"),
        ("pron.it", "pron.dummy"),
    ):
        share.append((inv.of[one], inv.of[other]))
    taken = {c for pair in share for c in pair}
    goods = [
        n for sub, nouns in enumerate(inv.members) for n in nouns[1:]
        if inv.class_of[sub] in THINGS and n not in taken
    ]  # fmt: skip
    inv.loans = frozenset(shuffled(draw, goods)[:36])
    plain = [n for n in goods if n not in inv.loans]
    names = [*inv.name_tables["surname"].items[3:40:4], *inv.name_tables["town"].items[2:30:5]]
    inv.eponyms = dict(zip(shuffled(draw, plain), names, strict=False))
