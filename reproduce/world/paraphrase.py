"""Paraphrases against sentences that only look alike, in the manner of PAWS.

A paraphrase is a true rewording, never the same string. What is different has the same words with
participants, modifiers or circumstances exchanged, or one word exchanged for another; rewordings
are applied to it as well, so that neither overlap nor length tells the two apart.
"""

from __future__ import annotations

from reproduce.world.draw import Draw, Table, pick
from reproduce.world.meaning import Event, Part
from reproduce.world.pairs import LABELS, Pair, PairWriter


class Paraphrase:
    """Draws pairs that mean the same, or nearly look as if they did."""

    def __init__(self, writer: PairWriter):
        self.writer = writer
        self._wordings = Table(
            ("reorder", "front", "synonym", "voice", "cleft"), (44, 26, 14, 11, 5)
        )

    def pair(self, draw: Draw, part: Part, label: str = "") -> Pair:
        """One pair, of a given label or any."""
        label = label or pick(draw, LABELS["paraphrase"])
        while True:
            found = self._attempt(draw, label, part)
            if found is not None:
                return found

    def _attempt(self, draw: Draw, label: str, part: Part) -> Pair | None:
        writer, wording = self.writer, self._wordings.draw(draw)
        roll = draw()
        adjuncts = 2 if wording == "reorder" or roll < 0.3 else 1
        event = writer.base(draw, part, alike=draw() < 0.6, adjuncts=adjuncts)
        assert event.agent is not None and event.patient is not None
        if draw() < 0.25:
            event = event.changed(
                agent=writer.qualified(draw, event.agent),
                patient=writer.qualified(draw, event.patient),
            )
        if draw() < 0.15:
            patient = event.patient
            assert patient is not None
            event = event.changed(patient=writer.counted(draw, patient))
        if label == "paraphrase":
            second = self._worded(draw, event, wording)
            return _either_way(draw, event, second, label, wording)
        return self._different(draw, event, wording)

    def _different(self, draw: Draw, event: Event, wording: str) -> Pair | None:
        """Matched to the paraphrase of the same wording in overlap and length."""
        exchange = wording in ("reorder", "voice", "cleft") or (
            wording == "front" and draw() < 0.6
        )  # fmt: skip
        edit = pick(draw, ("roles", "circumstances", "modifiers") if exchange
                    else ("noun", "noun", "verb", "number"))  # fmt: skip
        second = self._damaged(draw, event, edit)
        if second is None:
            return None
        if exchange and (wording != "reorder" or draw() < 0.15):
            second = self._worded(draw, second, wording)
        return _either_way(draw, event, second, "different", edit)

    def _damaged(self, draw: Draw, event: Event, edit: str) -> Event | None:
        writer = self.writer
        if edit == "roles":
            return writer.roles_exchanged(event)
        if edit == "circumstances":
            return writer.circumstances_exchanged(event)
        if edit == "modifiers":
            return writer.modifiers_exchanged(event)
        if edit == "number":
            return writer.other_number(draw, event)
        if edit == "noun":
            return writer.other_noun(draw, event)
        return writer.other_verb(draw, event, "antonym" if draw() < 0.4 else "other")

    def _worded(self, draw: Draw, event: Event, wording: str) -> Event | None:
        writer = self.writer
        if wording == "reorder":
            return writer.reordered(event)
        if wording == "front":
            return writer.fronted(event)
        if wording == "voice":
            return writer.passive(event)
        if wording == "cleft":
            return writer.cleft(event)
        return writer.other_verb(draw, event, "synonym")


def _either_way(
    draw: Draw, event: Event, other: Event | None, label: str, edit: str
) -> Pair | None:
    """The relations are symmetric: which of the two comes first is drawn."""
    if other is None:
        return None
    first, second = (event, other) if draw() < 0.5 else (other, event)
    return Pair(first, second, label, edit)
