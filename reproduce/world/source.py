"""The source `world`: tasks of the embedded world for the cells."""

from __future__ import annotations

from functools import lru_cache

from reproduce.errors import DataError
from reproduce.nouns.base import digest
from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.sentence import Example, SentencePair
from reproduce.nouns.setting import DataChoice
from reproduce.registry import did_you_mean
from reproduce.world.world import SOURCE_LANGUAGE, World

# Tagging tasks read different stretches of the world, so that they share no meanings.
_FIRST_SENTENCE = {"pos": 0, "ner": 1_000_000}
_PAIR_TASKS = {"xnli": "nli", "pawsx": "paraphrase"}
_FIRST_TRANSLATION = 2_000_000
_TASKS = (*_FIRST_SENTENCE, *_PAIR_TASKS, "retrieval")
_OPTIONS = ("kinship", "shared_order")


class WorldSource:
    """The embedded world as a `Source`; it never runs out of examples."""

    def describe(
        self, choice: DataChoice, task: str, language: str, split: Split, count: int
    ) -> DataSlice:
        """See `Source.describe`."""
        name = _name(choice.options)
        _check(task, _TASKS, "the world has no task")
        _check(language, tuple(_world(name).languages), "the world has no language")
        return DataSlice(
            source="world",
            name=name,
            language=language,
            task=task,
            split=split,
            count=count,
            digest=_digest(name, task, language, split),
        )

    def load(self, piece: DataSlice, whereabouts: Whereabouts) -> list[Example]:
        """See `Source.load`."""
        if piece.digest != _digest(piece.name, piece.task, piece.language, piece.split):
            raise DataError(
                f"{piece.name}/{piece.language}/{piece.task} was another when this was planned",
                next_step="plan and run again with this version of the package",
            )
        return list(_examples(piece.name, piece.task, piece.language, piece.split, piece.count))


SOURCE = WorldSource()


def _check(value: str, known: tuple[str, ...], complaint: str) -> None:
    if value not in known:
        raise DataError(
            f"{complaint} {value!r}",
            allowed=", ".join(known),
            next_step=did_you_mean(value, known),
        )


def _name(options: dict[str, str | int | float | bool]) -> str:
    """The name of a world: `world`, or of a counter-world `world-no-kinship`."""
    name = "world"
    for option, value in options.items():
        _check(option, _OPTIONS, "the world has no option")
        if not isinstance(value, bool):
            raise DataError(f"{option}: {value!r} is neither true nor false")
    for option in _OPTIONS:
        if options.get(option) is False:
            name += "-no-" + option.replace("_", "-")
    return name


@lru_cache(maxsize=4)
def _world(name: str) -> World:
    return World(kinship="-no-kinship" not in name, shared_order="-no-shared-order" not in name)


def _digest(name: str, task: str, language: str, split: str) -> str:
    """Identity of the content; the world's own digest fixes all of it."""
    return digest([_world(name).digest, task, language, split])


# A worker runs many cells on the same slices.
@lru_cache(maxsize=256)
def _examples(name: str, task: str, language: str, split: str, count: int) -> tuple[Example, ...]:
    world = _world(name)
    if task == "retrieval":
        numbers = range(_FIRST_TRANSLATION, _FIRST_TRANSLATION + count)
        return tuple(_translation(world, language, split, number) for number in numbers)
    if task in _PAIR_TASKS:
        return tuple(world.pair(_PAIR_TASKS[task], language, split, i) for i in range(count))
    first = _FIRST_SENTENCE[task]
    return tuple(world.sentence(language, split, first + i) for i in range(count))


def _translation(world: World, language: str, split: str, number: int) -> SentencePair:
    """A sentence beside the same meaning in the world's source language."""
    own, other = (world.sentence(code, split, number) for code in (language, SOURCE_LANGUAGE))
    return SentencePair(own, other, "translation", f"{own.id}-translation", own.cluster)
