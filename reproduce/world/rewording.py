"""Rewordings that keep a meaning, and the edits that generalize or contradict it."""

from __future__ import annotations

from reproduce.world.draw import Draw, pick
from reproduce.world.inventory import Inventory
from reproduce.world.meaning import NOUN, PRONOUN, Event, Sampler, Thing, altered


def reword(sampler: Sampler, draw: Draw, event: Event) -> Event:
    """The same statement with one or two changes of wording."""
    changes = [f for f in (synonym, voice, front, cleft, swap_conjuncts) if f(sampler, event)]
    for _ in range(1 + (draw() < 0.4)):
        if changes:
            event = pick(draw, changes)(sampler, event) or event
    return event


def synonym(sampler: Sampler, event: Event) -> Event | None:
    """The verb or quality replaced by a synonym; None where there is none."""
    same = sampler.inv.synonym
    if event.verb in same:
        return event.changed(verb=same[event.verb])
    if event.quality[1] in same:
        return event.changed(quality=(event.quality[0], same[event.quality[1]]))
    return None


def voice(sampler: Sampler, event: Event) -> Event | None:
    """Active to passive or back."""
    if event.patient is None or event.agent is None or event.cleft or event.modal:
        return None
    if event.agent.kind == PRONOUN or event.patient.kind == PRONOUN:
        return None
    return event.changed(passive=not event.passive)


def front(sampler: Sampler, event: Event) -> Event | None:
    """A circumstance moved to the front or back."""
    return event.changed(fronted=not event.fronted) if event.adjuncts and not event.cleft else None


def cleft(sampler: Sampler, event: Event) -> Event | None:
    """`It is X that ...`."""
    if event.agent is None or event.passive or event.fronted or event.verb < 0 or event.cleft:
        return None
    if event.agent.kind == PRONOUN or event.agent.clause or event.question:
        return None
    return event.changed(cleft=True)


def swap_conjuncts(sampler: Sampler, event: Event) -> Event | None:
    """`X and Y` as `Y and X`."""
    for role in ("agent", "patient"):
        thing: Thing | None = getattr(event, role)
        if thing is not None and thing.also and not thing.also[1].also:
            return event.changed(**{role: _swapped(thing)})
    return None


def _swapped(thing: Thing) -> Thing:
    assert thing.also is not None
    conjunction, other = thing.also
    return altered(other, also=(conjunction, altered(thing, also=None)))


def generalize(sampler: Sampler, draw: Draw, event: Event) -> Event:
    """Something that follows: modifiers dropped, or the general word for a thing."""
    roles = [r for r in ("agent", "patient") if _is_noun(sampler.inv, getattr(event, r))]
    if roles and draw() < 0.5:
        role = pick(draw, roles)
        thing: Thing = getattr(event, role)
        head = sampler.inv.hypernym(thing.head)
        return event.changed(**{role: altered(thing, head=head)})
    shorter = event.changed(joined=None, linked=None)
    if event.adjuncts:
        shorter = shorter.changed(adjuncts=event.adjuncts[1:], fronted=False)
    return shorter if shorter.size() >= sampler.SHORTEST else event


def contrast(inv: Inventory, draw: Draw, event: Event) -> Event | None:
    """The same fact by the contrary word: `is not open` for `is closed`."""
    if event.verb in inv.antonym and not event.modal:
        return event.changed(verb=inv.antonym[event.verb], negated=not event.negated)
    if event.verb < 0 and event.quality[1] in inv.antonym:
        quality = (event.quality[0], inv.antonym[event.quality[1]])
        return event.changed(quality=quality, negated=not event.negated)
    return None


def _is_noun(inv: Inventory, thing: Thing | None) -> bool:
    return thing is not None and thing.kind == NOUN and thing.head in inv.subclass
