"""Wording: from a meaning to the words of one language, with tags, entities and tree."""

from __future__ import annotations

from typing import NamedTuple

from reproduce.nouns.sentence import Sentence
from reproduce.world.lexicon import (
    ACCUSATIVE,
    DATIVE,
    FUTURE,
    GENITIVE,
    INFINITIVE,
    LOCATIVE,
    NOMINATIVE,
    PARTICIPLE,
    PAST,
    Lexicon,
)
from reproduce.world.meaning import NAME, PRONOUN, Event, Thing

Subject = tuple[int, bool, int]  # person, plural, gender
Expressed = tuple[object, ...]
"""What a word expresses: an event or thing of the meaning, and which part of it."""
_NOBODY: Subject = (3, False, 0)


class Realizer:
    """Words meanings in one language."""

    def __init__(self, lexicon: Lexicon):
        self.lexicon = lexicon

    def sentence(self, event: Event, id: str, cluster: str) -> Sentence:
        """The annotated sentence."""
        return self.realized(event, id, cluster).sentence

    def realized(self, event: Event, id: str, cluster: str) -> Realized:
        """The annotated sentence, and what each of its words expresses."""
        tree = _Tree(self.lexicon)
        order = tree.main_clause(event)
        sentence = tree.finish(order, id, cluster)
        return Realized(sentence, tuple([tree.parts[n] for n in order]))


class Realized(NamedTuple):
    """A sentence with the part of the meaning that each word expresses.

    Words of two languages that express one part of one meaning translate each other. Parts hold
    the meaning's own objects: they can be compared while it is the same meaning.
    """

    sentence: Sentence
    parts: tuple[Expressed, ...]


class _Tree:
    """Nodes of one sentence while it is built; phrases are lists of nodes in their order.

    A method that builds a phrase returns its nodes; `self.top` is then the head node of it.
    """

    def __init__(self, lexicon: Lexicon):
        self.lex = lexicon
        self.profile = lexicon.profile
        self.of = lexicon.inv.of
        self.forms: list[str] = []
        self.tags: list[str] = []
        self.lemmas: list[str] = []
        self.parts: list[Expressed] = []
        self.heads: list[int] = []
        self.relations: list[str] = []
        self.entities: dict[int, tuple[str, int]] = {}
        self.top = 0
        self.subject: Subject = _NOBODY

    def add(self, form: str, tag: str, lemma: str, *part: object) -> int:
        self.forms.append(form)
        self.tags.append(tag)
        self.lemmas.append(lemma)
        self.parts.append(part)
        self.heads.append(-1)
        self.relations.append("root")
        return len(self.forms) - 1

    def attach(self, node: int, head: int, relation: str) -> None:
        self.heads[node] = head
        self.relations[node] = relation

    def word(self, name: str, *part: object) -> int:
        """A function word that never changes."""
        concept = self.of[name]
        stem = self.lex.stems[concept]
        return self.add(stem, self.lex.inv.tags[concept], stem, *part)

    def finish(self, order: list[int], id: str, cluster: str) -> Sentence:
        place = {node: i + 1 for i, node in enumerate(order)}
        place[-1] = 0
        entities, last = [], -1
        for node in order:
            kind, instance = self.entities.get(node, ("", -1))
            if kind:
                kind = ("I-" if instance == last else "B-") + kind
            entities.append(kind or "O")
            last = instance
        code = self.profile.code
        return Sentence(
            words=tuple([self.forms[n] for n in order]),
            language=code,
            id=id,
            cluster=cluster,
            tags=tuple([self.tags[n] for n in order]),
            entities=tuple(entities),
            heads=tuple([place[self.heads[n]] for n in order]),
            relations=tuple([self.relations[n] for n in order]),
            languages=(code,) * len(order),
            lemmas=tuple([self.lemmas[n] for n in order]),
        )

    # Noun phrases

    def thing(self, thing: Thing, case: int = NOMINATIVE) -> list[int]:
        """A noun phrase; leaves its person, number and gender in `self.subject`."""
        if thing.kind == PRONOUN:
            return self._pronoun(thing, case)
        nodes = self._name(thing, case) if thing.kind == NAME else self._noun(thing, case)
        if thing.also:
            nodes = self._coordinated(nodes, thing, case)
        return nodes

    def _pronoun(self, thing: Thing, case: int) -> list[int]:
        form = self.lex.noun(thing.head, False, case)
        self.top = self.add(form, "PRON", self.lex.stems[thing.head], thing)
        self.subject = (thing.person, thing.plural, 0)
        return [self.top]

    def _coordinated(self, nodes: list[int], thing: Thing, case: int) -> list[int]:
        assert thing.also is not None
        conjunction, other = thing.also
        head, gender = self.top, self.subject[2]
        rest = self.thing(other, case)
        self.attach(self.top, head, "conj")
        stem = self.lex.stems[conjunction]
        joint = self.add(stem, "CCONJ", stem, thing, "also")
        self.attach(joint, self.top, "cc")
        self.top, self.subject = head, (3, True, gender)
        return [*nodes, joint, *rest]

    def _name(self, thing: Thing, case: int) -> list[int]:
        lex = self.lex
        nodes: list[int] = []
        instance = len(self.forms)
        last = len(thing.names) - 1
        noun_first = self.profile.adjective == "after"
        parts = thing.names
        if thing.of_town:
            return self._of_town(thing, case)
        if last and parts[0][1] != parts[1][1] and parts[0][1] != noun_first:
            parts = parts[::-1]
        nouns = [i for i, (_, common) in enumerate(parts) if common]
        head = nouns[0] if nouns else 0
        inflected = last if self.profile.adposition == "after" or not nouns else head
        for i, (concept, common) in enumerate(parts):
            form = lex.noun(concept, False, case if i == inflected else NOMINATIVE)
            node = self.add(form, "NOUN" if common else "PROPN", lex.stems[concept],
                            thing, "name", (concept, common))  # fmt: skip
            self.entities[node] = (thing.entity, instance)
            nodes.append(node)
        top = nodes[head]
        for i, node in enumerate(nodes):
            if i != head:
                self.attach(node, top, "compound" if nouns else "flat")
        if thing.title:
            title = self.add(lex.noun(thing.title, False, NOMINATIVE), "NOUN",
                             lex.stems[thing.title], thing, "title")  # fmt: skip
            self.attach(title, top, "appos")
            nodes = [title, *nodes]
        self.top, self.subject = top, (3, False, lex.gender[thing.head])
        return nodes

    def _of_town(self, thing: Thing, case: int) -> list[int]:
        """`bank of X`: an organization with a place in its name."""
        lex, instance = self.lex, len(self.forms)
        noun, town = thing.names[0][0], thing.names[1][0]
        head = self.add(lex.noun(noun, False, case), "NOUN", lex.stems[noun], thing)
        name = self.add(lex.noun(town, False, GENITIVE), "PROPN", lex.stems[town], thing, "town")
        self.attach(name, head, "nmod")
        phrase = self._adposed("adp.of", [name], name, thing, "of town")
        nodes = [*phrase, head] if self.profile.genitive == "before" else [head, *phrase]
        for node in nodes:
            self.entities[node] = (thing.entity, instance)
        self.top, self.subject = head, (3, False, lex.gender[noun])
        return nodes

    def _noun(self, thing: Thing, case: int) -> list[int]:
        lex, profile = self.lex, self.profile
        gender, plural = lex.gender[thing.head], thing.plural
        head = self.add(lex.noun(thing.head, plural, case), "NOUN", lex.stems[thing.head], thing)
        nodes = [head]
        if thing.modifier:
            stem = lex.stems[thing.modifier]
            modifier = self.add(stem, "NOUN", stem, thing, "modifier")
            self.attach(modifier, head, "compound")
            nodes = self._put(nodes, [modifier], profile.adjective)
        for which, (degree, adjective) in enumerate(thing.adjectives):
            phrase = self._adjective(degree, adjective, head, gender, plural, thing, which)
            nodes = self._put(nodes, phrase, profile.adjective)
        if thing.owner:
            nodes = self._put(nodes, self._owner(thing.owner, head, thing), profile.genitive)
        if thing.number is not None:
            numeral = self._numeral(thing.number, head, thing)
            nodes = self._put(nodes, [numeral], profile.numeral)
        if thing.det:
            determiner = self._determiner(thing.det, head, gender, plural, thing)
            if determiner:
                nodes = self._put(nodes, determiner, profile.determiner)
        if thing.place:
            adposition, where = thing.place
            phrase = self.circumstance(adposition, where, thing, "place")
            self.attach(self.top, head, "nmod")
            nodes = self._put(nodes, phrase, profile.relative)
        if thing.clause:
            clause = self._relative(thing.clause, head, plural, gender)
            nodes = self._put(nodes, clause, profile.relative)
        self.top, self.subject = head, (3, plural, gender)
        return nodes

    @staticmethod
    def _put(nodes: list[int], phrase: list[int], side: str) -> list[int]:
        return phrase + nodes if side == "before" else nodes + phrase

    def _adjective(
        self, degree: int, adjective: int, head: int, gender: int, plural: bool, *part: object
    ) -> list[int]:
        lex = self.lex
        form = lex.agreeing(adjective, gender, plural)
        node = self.add(form, "ADJ", lex.stems[adjective], *part, "adjective")
        self.attach(node, head, "amod")
        if not degree:
            return [node]
        adverb = self.add(lex.stems[degree], "ADV", lex.stems[degree], *part, "degree")
        self.attach(adverb, node, "advmod")
        return [adverb, node]

    def _owner(self, owner: Thing, head: int, thing: Thing) -> list[int]:
        nodes = self.thing(owner, GENITIVE)
        top = self.top
        self.attach(top, head, "nmod")
        return self._adposed("adp.of", nodes, top, thing, "of owner")

    def _numeral(self, number: int | str, head: int, thing: Thing) -> int:
        stem = number if isinstance(number, str) else self.lex.stems[number]
        node = self.add(stem, "NUM", stem, thing, "number")
        self.attach(node, head, "nummod")
        return node

    def _determiner(
        self, det: int, head: int, gender: int, plural: bool, thing: Thing
    ) -> list[int]:
        articles = self.profile.articles
        if det == self.of["det.def"] and articles == "none":
            return []
        if det == self.of["det.indef"] and articles != "both":
            return []
        form = self.lex.agreeing(det, gender, plural)
        node = self.add(form, "DET", self.lex.stems[det], thing, "determiner")
        self.attach(node, head, "det")
        return [node]

    def _adposed(self, name: str, nodes: list[int], top: int, *part: object) -> list[int]:
        node = self.word(name, *part)
        self.attach(node, top, "case")
        return [node, *nodes] if self.profile.adposition == "before" else [*nodes, node]

    def circumstance(self, adposition: int, what: Thing | str, *part: object) -> list[int]:
        """An adpositional phrase; `self.top` is its noun."""
        if isinstance(what, str):
            top = self.add(what, "NUM", what, *part, "year")
            nodes = [top]
        else:
            nodes = self.thing(what, LOCATIVE)
            top = self.top
        nodes = self._adposed(self.lex.inv.names[adposition], nodes, top, *part, "adposition")
        self.top = top
        return nodes

    def _relative(self, event: Event, head: int, plural: bool, gender: int) -> list[int]:
        nodes = self.clause(event, inner=True, gap=(3, plural, gender))
        top = self.top
        self.attach(top, head, "acl")
        pronoun = self.word("pron.relative", event, "relative")
        relation = "nsubj" if event.gap == "agent" else "obj"
        self.attach(pronoun, top, relation)
        return [*nodes, pronoun] if self.profile.relative == "before" else [pronoun, *nodes]

    # Clauses

    def main_clause(self, event: Event) -> list[int]:
        """A whole sentence with its full stop."""
        nodes = self._cleft(event) if event.cleft else self.clause(event)
        root = self.top
        if event.linked:
            nodes = self._linked(nodes, root, event)
        if event.joined:
            conjunction, other = event.joined
            stem = self.lex.stems[conjunction]
            rest = self.clause(other)
            self.attach(self.top, root, "conj")
            joint = self.add(stem, "CCONJ", stem, event, "joined")
            self.attach(joint, self.top, "cc")
            nodes = [*nodes, self._mark(",", self.top, event, "joined comma"), joint, *rest]
        if event.question:
            particle = self.word("part.question", event, "question")
            self.attach(particle, root, "mark")
            nodes = self._put(nodes, [particle], self.profile.negation)
        return [*nodes, self._mark("?" if event.question else ".", root, event, "stop")]

    def _mark(self, sign: str, head: int, *part: object) -> int:
        node = self.add(sign, "PUNCT", sign, *part)
        self.attach(node, head, "punct")
        return node

    def _linked(self, nodes: list[int], root: int, event: Event) -> list[int]:
        assert event.linked is not None
        subordinator, other = event.linked
        clause = self._subordinate(subordinator, other, "advcl", root)
        first = self.profile.subordinator == "after" or event.fronted
        comma = self._mark(",", self.top, event, "linked comma")
        return [*clause, comma, *nodes] if first else [*nodes, comma, *clause]

    def _subordinate(self, subordinator: int, event: Event, relation: str, head: int) -> list[int]:
        nodes = self.clause(event, inner=True)
        top = self.top
        self.attach(top, head, relation)
        stem = self.lex.stems[subordinator]
        mark = self.add(stem, "SCONJ", stem, event, "subordinator")
        self.attach(mark, top, "mark")
        self.top = top
        return self._put(nodes, [mark], self.profile.subordinator)

    def clause(self, event: Event, *, inner: bool = False, gap: Subject = _NOBODY) -> list[int]:
        """A clause without punctuation (but for the comma after what is fronted)."""
        passive = event.passive and event.patient is not None
        first, second = (event.patient, None) if passive else (event.agent, event.patient)
        self.subject = gap
        before = self.thing(first) if first else []
        subject, subject_top = self.subject, self.top
        group = self._predicate(event, subject, passive)
        root = self.top
        if first:
            self.attach(subject_top, root, "nsubj:pass" if passive else "nsubj")
        after = self.thing(second, ACCUSATIVE) if second else []
        if second:
            self.attach(self.top, root, "obj")
        third = self._third(event.third, root, event) if event.third else []
        if passive and event.agent:
            third = [*third, *self.circumstance(self.of["adp.by"], event.agent, event, "by")]
            self.attach(self.top, root, "obl:agent")
        circumstances = [
            self._adjunct(a, what, root, event, i) for i, (a, what) in enumerate(event.adjuncts)
        ]
        for which, adverb in enumerate(event.adverbs):
            stem = self.lex.stems[adverb]
            node = self.add(stem, "ADV", stem, event, "adverb", which)
            self.attach(node, root, "advmod")
            group = self._put(group, [node], self.profile.adverb)
        said: list[int] = []
        if event.said:
            said = self._subordinate(self.of["sconj.complement"], event.said, "ccomp", root)
        self.top = root
        fronted = event.fronted and circumstances and not inner
        front: list[int] = []
        if fronted:
            front = [*circumstances.pop(0), self._mark(",", root, event, "fronted comma")]
        rest = [node for phrase in circumstances for node in phrase]
        return front + self._arranged(inner, before, group, after, third, rest, said)

    def _arranged(
        self,
        inner: bool,
        subject: list[int],
        group: list[int],
        object_: list[int],
        third: list[int],
        rest: list[int],
        said: list[int],
    ) -> list[int]:
        order = self.profile.subordinate if inner else self.profile.order
        if order == "SOV":
            return subject + rest + third + object_ + said + group
        if order == "VSO":
            return group + subject + object_ + third + rest + said
        if order == "VOS":
            return group + object_ + subject + third + rest + said
        return subject + group + object_ + third + rest + said

    def _third(self, third: tuple[int, Thing], root: int, event: Event) -> list[int]:
        adposition, who = third
        if self.profile.morphology == "agglutinative" and adposition == self.of["adp.to"]:
            nodes = self.thing(who, DATIVE)
        else:
            nodes = self.circumstance(adposition, who, event, "third")
        self.attach(self.top, root, "obl")
        return nodes

    def _adjunct(
        self, adposition: int, what: Thing | str, root: int, event: Event, which: int
    ) -> list[int]:
        nodes = self.circumstance(adposition, what, event, "adjunct", which)
        self.attach(self.top, root, "obl")
        return nodes

    def _predicate(self, event: Event, subject: Subject, passive: bool) -> list[int]:
        """The verb with its auxiliaries and negation; `self.top` is the root of the clause."""
        nodes, top = (
            self._quality(event, subject) if event.verb < 0
            else self._verb(event, subject, passive)
        )  # fmt: skip
        if event.negated:
            negation = self.word("part.not", event, "negation")
            self.attach(negation, top, "advmod")
            nodes = self._put(nodes, [negation], self.profile.negation)
        self.top = top
        return nodes

    def _verb(self, event: Event, subject: Subject, passive: bool) -> tuple[list[int], int]:
        lex, kind = self.lex, self.profile.morphology
        tense, helpers = event.tense, []
        if event.modal:
            helpers.append((event.modal, tense))
            tense = INFINITIVE
        elif kind == "isolating" and tense in (PAST, FUTURE):
            helpers.append((self.of["aux.past" if tense == PAST else "aux.future"], tense))
        elif kind == "fusional" and tense == FUTURE:
            helpers.append((self.of["aux.future"], 0))
            tense = INFINITIVE
        if passive and kind == "fusional":
            helpers.append((self.of["aux.passive"], tense))
            tense = PARTICIPLE
        form = lex.verb(event.verb, tense, _NOBODY if helpers else subject, passive)
        top = self.add(form, "VERB", lex.stems[event.verb], event)
        nodes = [top]
        for i, (concept, when) in reversed(list(enumerate(helpers))):
            # Only the first auxiliary is finite.
            form = lex.verb(concept, when, _NOBODY if i else subject, False)
            helper = self.add(form, "AUX", lex.stems[concept], event, "helper", concept)
            last = passive and concept == self.of["aux.passive"]
            self.attach(helper, top, "aux:pass" if last else "aux")
            nodes = self._put(nodes, [helper], self.profile.auxiliary)
        return nodes, top

    def _quality(self, event: Event, subject: Subject) -> tuple[list[int], int]:
        lex = self.lex
        degree, adjective = event.quality
        _, plural, gender = subject
        nodes = self._adjective(degree, adjective, -1, gender, plural, event)
        top = nodes[-1]
        copula = self.of["aux.copula"]
        tense = event.tense
        form = lex.verb(copula, tense, subject, False)
        node = self.add(form, "AUX", lex.stems[copula], event, "copula")
        self.attach(node, top, "cop")
        self.relations[top] = "root"
        return self._put(nodes, [node], self.profile.auxiliary), top

    def _cleft(self, event: Event) -> list[int]:
        """`It is the baker that sings`."""
        assert event.agent is not None
        focus = self.thing(event.agent)
        top, subject = self.top, self.subject
        dummy = self.word("pron.dummy", event, "cleft dummy")
        self.attach(dummy, top, "nsubj")
        copula = self.of["aux.copula"]
        form = self.lex.verb(copula, 0, _NOBODY, False)
        is_ = self.add(form, "AUX", self.lex.stems[copula], event, "cleft copula")
        self.attach(is_, top, "cop")
        rest = event.changed(agent=None, gap="agent", cleft=False, fronted=False, passive=False)
        clause = self.clause(rest, inner=True, gap=subject)
        self.attach(self.top, top, "acl")
        # The copy stands for the event itself.
        self.parts = [(event, *p[1:]) if p[:1] == (rest,) else p for p in self.parts]
        pronoun = self.word("pron.relative", event, "cleft relative")
        self.attach(pronoun, self.top, "nsubj")
        self.top = top
        tail = self._put(clause, [pronoun], self.profile.subordinator)
        if self.profile.order == "SOV":
            return [dummy, *focus, is_, *tail]
        if self.profile.order == "SVO":
            return [dummy, is_, *focus, *tail]
        return [is_, dummy, *focus, *tail]
