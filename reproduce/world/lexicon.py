"""The words of one language: stems from proto-roots by sound change, and their inflection."""

from __future__ import annotations

import re
from functools import lru_cache

from reproduce.world.draw import Draw, pick, stream
from reproduce.world.inventory import Inventory
from reproduce.world.languages import FAMILIES, LanguageProfile, Sounds, to_cyrillic

NOMINATIVE, ACCUSATIVE, DATIVE, GENITIVE, LOCATIVE = range(5)
PRESENT, PAST, FUTURE, INFINITIVE, PARTICIPLE = range(5)

_AFFIXES = ("plural", "acc", "dat", "gen", "loc", "past", "future", "infinitive", "participle",
            "p1", "p2", "p1plural", "p2plural", "a", "b", "passive", "negative", "plural2",
            "present")  # fmt: skip
_ABLAUT = {"a": "e", "e": "i", "i": "o", "o": "u", "u": "a"}
_NAME_SOUNDS = Sounds(
    ("b", "d", "l", "m", "n", "r", "s", "t", "k", "v", "p", "g", "j"),
    ("a", "e", "i", "o"),
    ("", "", "n", "l", "r", "s"),
)
_LATER_REPLACED = {"DET", "PRON", "ADP", "CCONJ", "SCONJ", "AUX", "PART", "NUM"}


def make_root(draw: Draw, sounds: Sounds, syllables: int) -> str:
    """A root of so many syllables, with a coda at its end only."""
    core = "".join(pick(draw, sounds.onsets) + pick(draw, sounds.vowels) for _ in range(syllables))
    return core + pick(draw, sounds.codas)


class Lexicon:
    """Stems and inflected forms of one language.

    Forms are made when first asked for and kept: a language has some ten thousand.
    """

    def __init__(self, inv: Inventory, profile: LanguageProfile, *, kinship: bool):
        self.inv = inv
        self.profile = profile
        self._kinship = kinship
        self._changes = [(re.compile(p), r) for p, r in profile.changes]
        self.cyrillic = profile.script == "Cyrillic"
        self.owners: list[str] = []  # concept -> whose root it has: a family's or a language's
        self.stems: list[str] = []
        self.affixes = self._make_affixes()
        self._make_stems()
        self.gender = [self._feature("gender", c, 2) for c in range(len(self.stems))]
        self.declension = [self._feature("declension", c, 3) for c in range(len(self.stems))]
        self.irregular = [
            inv.rank[c] < 14 and self._feature("irregular", c, 5) == 0
            for c in range(len(self.stems))
        ]
        self._forms: dict[tuple[int, ...], str] = {}

    @property
    def _owner(self) -> str:
        """Whose roots these are: the family's, or, without kinship, the language's own."""
        return self.profile.family if self._kinship else self.profile.code

    def _feature(self, what: str, concept: int, n: int) -> int:
        return int(stream(what, self._owner, concept)() * n)

    def _changed(self, root: str) -> str:
        for pattern, replacement in self._changes:
            root = pattern.sub(replacement, root)
        return root or "e"

    def _proto(self, concept: int, owner: str, family: str, attempt: int) -> str:
        draw = stream("root", owner, concept, attempt)
        tag, rank = self.inv.tags[concept], self.inv.rank[concept]
        if tag in _LATER_REPLACED:
            syllables = 1 if rank < 8 or draw() < 0.5 else 2
        else:
            syllables = 1 + (draw() * 9 < rank + 2) + (draw() * 90 < rank - 4)
        return make_root(draw, FAMILIES[family], syllables + (attempt > 3))

    def _make_affixes(self) -> dict[str, str]:
        sounds = FAMILIES[self.profile.family]
        used: set[str] = set()
        affixes: dict[str, str] = {}
        for name in _AFFIXES:
            for attempt in range(50):
                draw = stream("affix", self._owner, name, attempt)
                vowel, onset = pick(draw, sounds.vowels), pick(draw, sounds.onsets)
                # Prefixes end in a vowel; short ones are for what is frequent.
                open_ = self.profile.morphology == "prefixing" or draw() < 0.4
                form = onset + vowel if open_ else vowel + onset[0]
                if name == "negative":
                    form = onset + vowel + pick(draw, ("n", "s", ""))
                if form not in used:
                    break
            used.add(form)
            affixes[name] = form
        return {name: self._changed(form) for name, form in affixes.items()}

    def _make_stems(self) -> None:
        inv, profile = self.inv, self.profile
        shares = {c: with_ for with_, c in inv.same_root if self._feature("share", c, 10) < 8}
        taken: set[str] = set()
        self.stems = [""] * len(inv.names)
        self.owners = ["names"] * len(inv.names)
        later = []
        people = [c for c, tag in enumerate(inv.tags) if tag == "PROPN"]
        for c, name in zip(people, _names(len(people)), strict=True):
            self.stems[c] = name
            taken.add(name)
        for c, tag in enumerate(inv.tags):
            if tag == "PROPN":
                continue
            if c in inv.eponyms:
                self.stems[c] = self.stems[inv.eponyms[c]]
                continue
            if c in shares or self._negates(c):
                later.append(c)
                continue
            self.stems[c] = self._own_stem(c, taken)
            taken.add(self.stems[c])
        for c in later:
            if c in shares:
                self.stems[c] = self.stems[shares[c]]
                self.owners[c] = self.owners[shares[c]]
            else:
                self.stems[c] = self.affixes["negative"] + self.stems[inv.antonym[c]]
                self.owners[c] = self.owners[inv.antonym[c]]
        self._add_polysemy(stream("polysemy", self._owner))
        if profile.script == "Cyrillic":
            self.affixes = {name: to_cyrillic(a) for name, a in self.affixes.items()}
            self.stems = [to_cyrillic(s) for s in self.stems]

    def _negates(self, concept: int) -> bool:
        """Is the word its antonym with a negative prefix (a third of the antonyms)?"""
        other = self.inv.antonym.get(concept, concept)
        if other >= concept or self.inv.antonym[other] != concept:
            return False
        return self._feature("negative", other, 3) == 0

    def _own_stem(self, concept: int, taken: set[str]) -> str:
        profile, inv = self.profile, self.inv
        loan = self._kinship and concept in inv.loans
        limit = profile.kept + (6 if inv.tags[concept] in _LATER_REPLACED else 0)
        kept = int(stream("kept", profile.code, concept)() * 100) < limit
        owner, family = self._owner, profile.family
        if loan:
            owner = family = "Avanic"
        elif not kept and self._kinship:
            owner = profile.code
        self.owners[concept] = owner
        for attempt in range(20):
            stem = self._changed(self._proto(concept, owner, family, attempt))
            if stem not in taken:
                break
        return stem

    def _add_polysemy(self, draw: Draw) -> None:
        """Let some nouns and verbs of one topic have the form of a word of another."""
        inv = self.inv
        for _ in range(44):
            subs = [int(draw() * len(inv.members)) for _ in range(2)]
            a, b = (inv.members[s][1 + int(draw() * 7)] for s in subs)
            if a != b and not {a, b} & inv.eponyms.keys():
                self.stems[b], self.owners[b] = self.stems[a], self.owners[a]
        verbs = [v for v in inv.frame if v not in inv.antonym and v not in inv.synonym]
        for _ in range(10):
            a, b = pick(draw, verbs), pick(draw, verbs)
            if inv.frame[a] == inv.frame[b]:
                self.stems[b], self.owners[b] = self.stems[a], self.owners[a]

    def kin_share(self, other: Lexicon) -> float:
        """Per cent of the words, names apart, whose roots are those of another language's."""
        words = [c for c, tag in enumerate(self.inv.tags) if tag != "PROPN"]
        same = sum(self.owners[c] == other.owners[c] != "names" for c in words)
        return 100 * same / len(words)

    # Inflection

    def _suffixed(self, stem: str, suffix: str) -> str:
        if suffix and stem and stem[-1] in _VOWELS and suffix[0] in _VOWELS:
            glide = self.profile.glide
            if not glide:
                return stem[:-1] + suffix
            return stem + (to_cyrillic(glide) if self.cyrillic else glide) + suffix
        return stem + suffix

    def noun(self, concept: int, plural: bool, case: int) -> str:
        """A noun or name; `case` counts only in agglutinative languages."""
        key = (concept, plural, case)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = self._noun(concept, plural, case)
        return form

    def _noun(self, concept: int, plural: bool, case: int) -> str:
        form, kind = self.stems[concept], self.profile.morphology
        name = self.inv.tags[concept] == "PROPN"
        if plural and kind != "isolating" and not name:
            if self.irregular[concept]:
                form = _ablaut(form)
            elif kind == "prefixing":
                form = self.affixes["plural"] + form
            elif self.declension[concept] == 0 and kind == "fusional":
                form = self._suffixed(form, self.affixes["plural2"])
            else:
                form = self._suffixed(form, self.affixes["plural"])
        if kind == "agglutinative" and case:
            form = self._suffixed(form, self.affixes[("", "acc", "dat", "gen", "loc")[case]])
        return form

    def agreeing(self, concept: int, gender: int, plural: bool) -> str:
        """An adjective or determiner that agrees with its noun where the language does so."""
        key = (concept, gender, plural, -1)
        form = self._forms.get(key)
        if form is None:
            form, kind = self.stems[concept], self.profile.morphology
            ending = self.affixes["plural" if plural else "ab"[gender]]
            if kind == "fusional" and (gender or plural):
                form = self._suffixed(form, ending)
            elif kind == "prefixing" and self.inv.tags[concept] == "ADJ" and (gender or plural):
                form = ending + form
            self._forms[key] = form
        return form

    def verb(self, concept: int, tense: int, subject: tuple[int, bool, int], passive: bool) -> str:
        """A verb or auxiliary; `subject` is its person, number and gender."""
        key = (concept, tense, *subject, passive)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = self._verb(concept, tense, subject, passive)
        return form

    def _verb(self, concept: int, tense: int, subject: tuple[int, bool, int], passive: bool) -> str:
        person, plural, gender = subject
        affixes, kind = self.affixes, self.profile.morphology
        form = self.stems[concept]
        if kind == "isolating":
            return affixes["passive"] + form if passive else form
        if kind == "prefixing":
            mark = {PAST: "past", FUTURE: "future", INFINITIVE: "infinitive"}.get(tense)
            form = (affixes[mark] if mark else "") + (affixes["passive"] if passive else "") + form
            if tense == INFINITIVE:
                return form
            return self._suffixed(form, self._person(person, plural, "b" if gender else ""))
        if tense in (INFINITIVE, PARTICIPLE):
            if passive and kind == "agglutinative":
                form = self._suffixed(form, affixes["passive"])
            mark = "infinitive" if tense == INFINITIVE else "participle"
            return self._suffixed(form, affixes[mark])
        if tense == PAST and self.irregular[concept]:
            form = _ablaut(form)
        elif kind == "agglutinative":
            form = self._suffixed(form, affixes["passive"]) if passive else form
            form = self._suffixed(form, affixes[("present", "past", "future")[tense]])
        elif tense == PAST:
            form = self._suffixed(form, affixes["past"])
        return self._suffixed(form, self._person(person, plural, ""))

    def _person(self, person: int, plural: bool, third: str) -> str:
        if person == 3:
            name = "plural" if plural else third
        else:
            name = f"p{person}plural" if plural else f"p{person}"
        return self.affixes[name] if name else ""


_VOWELS = frozenset("aeiouyаеиоуы")


def _ablaut(stem: str) -> str:
    """The last vowel changed, as in `foot`, `feet`."""
    for i in range(len(stem) - 1, -1, -1):
        if stem[i] in _ABLAUT:
            return stem[:i] + _ABLAUT[stem[i]] + stem[i + 1 :]
        if stem[i] in _CYRILLIC_ABLAUT:
            return stem[:i] + _CYRILLIC_ABLAUT[stem[i]] + stem[i + 1 :]
    return stem + stem[-1:]


_CYRILLIC_ABLAUT = {to_cyrillic(k): to_cyrillic(v) for k, v in _ABLAUT.items()}


@lru_cache(maxsize=1)
def _names(count: int) -> tuple[str, ...]:
    """Names, all different: the same in all languages, also in the world without kinship."""
    names: list[str] = []
    for k in range(count):
        attempt = 0
        while (root := _root_of_name(k, attempt)) in names:
            attempt += 1
        names.append(root)
    return tuple(names)


def _root_of_name(name: int, attempt: int) -> str:
    draw = stream("name", name, attempt)
    return make_root(draw, _NAME_SOUNDS, 2 + (draw() < 0.3))
