"""Documents: sentences of one topic in which things recur and statements are taken up again."""

from __future__ import annotations

from reproduce.world.draw import Draw, pick
from reproduce.world.meaning import NAME, NOUN, Event, Part, Sampler, Thing, altered
from reproduce.world.rewording import contrast, generalize, reword

LONGEST = 6


def discourse(sampler: Sampler, draw: Draw, part: Part) -> list[Event]:
    """Meanings of the two to six sentences of a document."""
    topic = sampler.topic(draw)
    count = 2 + int(draw() * (LONGEST - 1))
    events: list[Event] = []
    cast: list[Thing] = []
    while len(events) < count:
        if events and draw() < 0.42:
            events.append(_taken_up(sampler, draw, pick(draw, events), topic))
            continue
        event = sampler.sentence(draw, part, topic, cast)
        events.append(event)
        for thing in (event.agent, event.patient):
            if thing is not None and thing.kind in (NOUN, NAME) and len(cast) < 5:
                cast.append(thing)
    return events


def _taken_up(sampler: Sampler, draw: Draw, event: Event, topic: int) -> Event:
    """An earlier statement in other words, more generally, by its contrary, or elaborated."""
    event = event.changed(question=False)
    roll = draw()
    if roll < 0.25:
        other = contrast(sampler.inv, draw, event)
        if other is not None:
            return other
    if roll < 0.5:
        return generalize(sampler, draw, reword(sampler, draw, event))
    if roll < 0.75 and event.size() < 10:
        event = _elaborated(sampler, draw, event, topic)
    return reword(sampler, draw, event)


def _elaborated(sampler: Sampler, draw: Draw, event: Event, topic: int) -> Event:
    if draw() < 0.5 or event.agent is None or event.agent.head not in sampler.inv.subclass:
        if len(event.adjuncts) < 2:
            extra = sampler.adjunct(draw, topic)
            return event.changed(adjuncts=(*event.adjuncts, extra), joined=None)
        return event
    quality = sampler.quality_of(draw, sampler.inv.subclass[event.agent.head])
    if event.agent.adjectives:
        return event
    return event.changed(agent=altered(event.agent, adjectives=(quality,)), joined=None)
