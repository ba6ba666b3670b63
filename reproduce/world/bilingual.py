"""Bilingual speakers: how people of the world mix two languages, which no generator imitates.

Speakers have habits: a language whose frame they use more, how easily they change it, whether they
write the other script in Latin letters, how carelessly they spell. What they do differs from every
method of `reproduce.codeswitch`:

* functional constraint: a function word and what it belongs to are of one language, though a whole
  clause or phrase may stand where the other language would put it, whatever both orders are;
* triggers: after a name, or a word that both languages share, a switch is more likely;
* borrowing: single nouns take the endings of the sentence's language (`mixed` inside a word);
* spelling: vowels are dropped, letters doubled, a script is transliterated with variants.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reproduce.nouns.bitext import Bitext
from reproduce.nouns.sentence import Sentence
from reproduce.world.draw import Draw, pick, stream
from reproduce.world.languages import to_cyrillic

SENTENCES_OF_A_SPEAKER = 8

_FUNCTION = frozenset(("det", "case", "aux", "aux:pass", "cop", "mark", "cc", "punct", "nummod"))
_CLAUSES = {"advcl": 1.0, "ccomp": 0.8, "acl": 0.4, "conj": 0.9}
_PHRASES = {"obl": 1.0, "obj": 0.8, "nsubj": 0.5, "nsubj:pass": 0.5, "obl:agent": 0.7, "nmod": 0.3,
            "advmod": 0.3}  # fmt: skip


class Speaker(NamedTuple):
    """The habits of one speaker; probabilities, but for `frame` (0 or 1: whose frame is usual)."""

    frame: int
    changes_frame: float
    clause: float
    phrase: float
    borrows: float
    trigger: float  # factor after a name or a shared word
    romanizes: bool
    careless: float


class Word(NamedTuple):
    """A spoken word with its labels."""

    form: str
    tag: str
    entity: str
    language: str
    lemma: str


def speaker(pair: str, number: int) -> Speaker:
    """A speaker of a pair of languages, always the same for one number."""
    draw = stream("speaker", pair, number)
    return Speaker(
        frame=int(draw() < 0.5),
        changes_frame=0.3 * draw(),
        clause=0.3 + 0.5 * draw(),
        phrase=0.2 + 0.35 * draw(),
        borrows=0.05 + 0.2 * draw(),
        trigger=1.5 + draw(),
        romanizes=draw() < 0.5,
        careless=0.12 * draw(),
    )


def speak(bitext: Bitext, who: Speaker, draw: Draw, *, roman: bool | None = None) -> Sentence:
    """A meaning as this speaker says it; tags, entities and language ids, and no tree.

    Args:
        bitext: the meaning in both languages.
        who: the speaker.
        draw: the chances of this sentence.
        roman: write Cyrillic in Latin letters; by default as the speaker does.
    """
    mix = _Mix(bitext, who, draw)
    words = mix.sentence()
    while words[0].tag == "PUNCT":  # the comma of a clause that stands first elsewhere
        words = words[1:]
    words = _careless(words, who.careless, draw)
    if who.romanizes if roman is None else roman:
        words = [w._replace(form=to_latin(w.form, draw)) for w in words]
    first, second = bitext.first, bitext.second
    return Sentence(
        words=tuple(w.form for w in words),
        language=f"{first.language}--{second.language}",
        id=f"{first.language}--{second.language}-{first.cluster}",
        cluster=first.cluster,
        tags=tuple(w.tag for w in words),
        entities=repaired([w.entity for w in words]),
        languages=tuple(w.language for w in words),
        lemmas=tuple(w.lemma for w in words),
    )


def repaired(entities: Sequence[str]) -> tuple[str, ...]:
    """BIO labels in which an I- that continues nothing has become B-."""
    out: list[str] = []
    for label in entities:
        loose = label.startswith("I-") and (not out or out[-1][2:] != label[2:])
        out.append("B-" + label[2:] if loose else label)
    return tuple(out)


def word_language(sentence: Sentence, place: int) -> str:
    """The language id of a word: `univ` for punctuation and digits, `ne` for names."""
    word, tag = sentence.words[place], sentence.tags[place] if sentence.tags else ""
    if tag in ("PUNCT", "SYM") or not any(letter.isalpha() for letter in word):
        return "univ"
    return "ne" if tag == "PROPN" else sentence.language


class _Mix:
    """One sentence while it is spoken: it walks down both trees at once."""

    def __init__(self, bitext: Bitext, who: Speaker, draw: Draw):
        self.sides = (bitext.first, bitext.second)
        self.links = (dict(bitext.links), {j: i for i, j in bitext.links})
        self.children = tuple(_children(side) for side in self.sides)
        self.who = who
        self.draw = draw
        self.last = ""  # the language id of the word before: a name is a trigger
        self.shared = False

    def sentence(self) -> list[Word]:
        frame = self.who.frame
        if self.draw() < self.who.changes_frame:
            frame = 1 - frame
        heads = self.sides[frame].heads
        assert heads is not None
        return self.phrase(heads.index(0), frame, frame)

    def phrase(self, node: int, side: int, frame: int) -> list[Word]:
        """The words of a subtree, in the order of the language of its head."""
        words: list[Word] = []
        for child in sorted([*self.children[side][node], node]):
            if child == node:
                words.append(self.word(node, side))
                continue
            other = self.links[side].get(child)
            if other is not None and self.switches(child, node, side, frame):
                words += self.phrase(other, 1 - side, frame)
            else:
                words += self.phrase(child, side, frame)
        return words

    def switches(self, child: int, node: int, side: int, frame: int) -> bool:
        relations, heads = self.sides[side].relations, self.sides[1 - side].heads
        assert relations is not None and heads is not None
        relation = relations[child]
        if relation in _FUNCTION:
            return False
        # What hangs elsewhere in the other language would leave its place empty.
        if self.links[side].get(node) != heads[self.links[side][child]] - 1:
            return False
        chance = self.who.clause * _CLAUSES.get(relation, 0.0)
        chance = chance or self.who.phrase * _PHRASES.get(relation, 0.0)
        if self.last == "ne" or self.shared:
            chance *= self.who.trigger
        if side != frame:
            chance *= 0.5  # one does not come back at once
        return self.draw() < chance

    def word(self, node: int, side: int) -> Word:
        spoken, other = self.sides[side], self.sides[1 - side]
        assert spoken.tags and spoken.entities and spoken.lemmas and other.lemmas
        language = word_language(spoken, node)
        form, lemma, tag = spoken.words[node], spoken.lemmas[node], spoken.tags[node]
        linked = self.links[side].get(node)
        if tag == "NOUN" and linked is not None and self.draw() < self.who.borrows:
            lemma = other.lemmas[linked]
            form, inflected = _borrowed(form, spoken.lemmas[node], lemma)
            language = "mixed" if inflected else other.language
        self.last = language
        self.shared = linked is not None and form == other.words[linked]
        return Word(form, tag, spoken.entities[node], language, lemma)


def _children(sentence: Sentence) -> list[list[int]]:
    assert sentence.heads is not None
    found: list[list[int]] = [[] for _ in sentence.words]
    for place, head in enumerate(sentence.heads):
        if head:
            found[head - 1].append(place)
    return found


class _Borrowed(NamedTuple):
    form: str
    inflected: bool


def _borrowed(form: str, stem: str, foreign: str) -> _Borrowed:
    """A foreign stem with the affix that a native form has beside its own stem."""
    if len(form) > len(stem) and form.startswith(stem):
        return _Borrowed(foreign + _in_script_of(foreign, form[len(stem) :]), True)
    if len(form) > len(stem) and form.endswith(stem):
        return _Borrowed(_in_script_of(foreign, form[: -len(stem)]) + foreign, True)
    return _Borrowed(foreign, False)


_LATIN = {
    "а": ("a",), "в": ("v", "w"), "г": ("g", "h"), "д": ("d",), "е": ("e",), "ж": ("j", "zh"),
    "з": ("z",), "и": ("i",), "к": ("k", "c"), "л": ("l",), "м": ("m",), "н": ("n",), "о": ("o",),
    "п": ("p",), "р": ("r",), "с": ("s",), "т": ("t",), "у": ("u", "oo"), "ф": ("f",),
    "х": ("kh", "x"), "ц": ("ts", "c"), "ч": ("ch",), "ш": ("sh",), "ы": ("y",), "б": ("b",),
}  # fmt: skip


def to_latin(text: str, draw: Draw) -> str:
    """Cyrillic letters in Latin ones, mostly in the usual way, now and then in another."""
    return "".join(
        (options[0] if draw() < 0.9 else pick(draw, options))
        if (options := _LATIN.get(letter))
        else letter
        for letter in text
    )


def _in_script_of(word: str, affix: str) -> str:
    if any(letter in _LATIN for letter in word):
        return to_cyrillic(affix)
    return "".join(_LATIN.get(letter, (letter,))[0] for letter in affix)


def _careless(words: list[Word], chance: float, draw: Draw) -> list[Word]:
    return [
        w._replace(form=_misspelt(w.form, draw)) if draw() < chance and len(w.form) > 2 else w
        for w in words
    ]


def _misspelt(form: str, draw: Draw) -> str:
    """One letter dropped, doubled, or a vowel taken for another."""
    place = 1 + int(draw() * (len(form) - 1))
    roll, letter = draw(), form[place]
    if not letter.isalpha():
        return form
    if roll < 0.4:
        return form[:place] + form[place + 1 :]
    if roll < 0.7:
        return form[:place] + letter + form[place:]
    return form[:place] + _CONFUSED.get(letter, letter) + form[place + 1 :]


_CONFUSED = dict(zip("eiouaеиоуа", "ieuoeиеуое", strict=True))
