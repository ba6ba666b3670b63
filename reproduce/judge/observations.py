"""Observations: the scores of a design's arms, unit by unit, from the records of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from reproduce.judge.unjudgeable import Unjudgeable
from reproduce.nouns.cell import cell_id
from reproduce.nouns.design import Arm, Design, Trial, arm_title
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.record import COLUMNS, Check, Record, Segment
from reproduce.statistics.linear import by_cluster, influence
from reproduce.statistics.scores import score, segment_sums

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Slice(NamedTuple):
    """One evaluated test or development set at one checkpoint."""

    checkpoint: str
    language: str
    split: str


class Contrast(NamedTuple):
    """A treatment with the baseline it is compared with."""

    treatment: Arm
    baseline: Arm


class Contributions(NamedTuple):
    """Contributions of meanings to a score: ids [meanings] and points [units, meanings]."""

    meanings: Ints
    values: Floats


@dataclass(frozen=True, eq=False)
class TaskScores:
    """Everything measured on one task, over the units that all of its arms finished.

    Attributes:
        task: its name.
        metric: of its records.
        arms: in the order of the design.
        units: those that every arm finished, ascending.
        slices: what every record evaluated.
        sums: int64 [arms, units, slices, columns], summed per-sentence statistics.
        sizes: int64 [slices], number of sentences (or pairs).
        records: the records behind it, [arms][units]; several records of one unit are pooled.
    """

    task: str
    metric: str
    arms: tuple[Arm, ...]
    units: tuple[int, ...]
    slices: tuple[Slice, ...]
    sums: Ints
    sizes: Ints
    records: tuple[tuple[Record, ...], ...]

    def take(self, units: Sequence[int]) -> TaskScores:
        """The same with some of its units only, by name."""
        at = [self.units.index(unit) for unit in units]
        return replace(
            self,
            units=tuple(units),
            sums=self.sums[:, at],
            records=tuple(tuple(row[i] for i in at) for row in self.records),
        )

    def with_records(self, records: tuple[tuple[Record, ...], ...]) -> TaskScores:
        """The same with other records of the same shape."""
        return replace(self, records=records, sums=_sums(records))

    def languages(self, wanted: Sequence[str], split: str, checkpoint: str) -> tuple[str, ...]:
        """The wanted languages that were evaluated on that split, in their order."""
        return tuple(c for c in wanted if Slice(checkpoint, c, split) in self.slices)

    def contributions(
        self,
        arms: Sequence[int],
        languages: Sequence[str],
        split: str,
        checkpoint: str,
        *,
        average: str,
    ) -> Contributions:
        """How much each meaning adds to the score of each unit's arm, linearised.

        Raises:
            Unjudgeable: a language was not evaluated, or has nothing to score.
        """
        self._checked(score(self.metric, self._sums(languages, split, checkpoint)))
        pieces = [Slice(checkpoint, language, split) for language in languages]
        records = [self.records[arm][u] for u, arm in enumerate(arms)]
        places = _places(records[0].content.segments, pieces)
        rows = np.concatenate([np.arange(p.start, p.stop) for p in places])
        meanings, index = np.unique(records[0].clusters[rows], return_inverse=True)
        values = np.zeros((len(records), len(meanings)))
        for u, record in enumerate(records):
            each = [record.statistics[p.start : p.stop] for p in places]
            if average == "micro":
                z = influence(self.metric, np.concatenate(each))
            else:
                z = np.concatenate([influence(self.metric, e) for e in each]) / len(each)
            values[u] = by_cluster(z, index, len(meanings))
        return Contributions(meanings, values)

    def by_language(self, languages: Sequence[str], split: str, checkpoint: str) -> Floats:
        """Scores in percent, [arms, units, languages].

        Raises:
            Unjudgeable: a language was not evaluated, or has nothing to score.
        """
        return self._checked(score(self.metric, self._sums(languages, split, checkpoint)))

    def scores(
        self, languages: Sequence[str], split: str, checkpoint: str, *, average: str = "macro"
    ) -> Floats:
        """Mean over languages in percent, [arms, units].

        `macro` is the mean of the languages' scores, `micro` the score of all their sentences.

        Raises:
            Unjudgeable: a language was not evaluated, or has nothing to score.
        """
        if average == "micro":
            sums = self._sums(languages, split, checkpoint)
            self._checked(score(self.metric, sums))
            return score(self.metric, sums.sum(axis=2))
        return np.asarray(self.by_language(languages, split, checkpoint).mean(axis=2))

    def _sums(self, languages: Sequence[str], split: str, checkpoint: str) -> Ints:
        if not languages:
            raise Unjudgeable(
                Outcome.ERROR, f"{self.task} was evaluated on none of the claim's languages"
            )
        wanted = [Slice(checkpoint, language, split) for language in languages]
        for piece in wanted:
            if piece not in self.slices:
                raise Unjudgeable(
                    Outcome.ERROR,
                    f"{self.task} has no {split} scores in {piece.language} "
                    f"at the checkpoint {checkpoint!r}",
                )
        return self.sums[:, :, [self.slices.index(piece) for piece in wanted]]

    def _checked(self, scores: Floats) -> Floats:
        if not np.isfinite(scores).all():
            raise Unjudgeable(Outcome.ERROR, f"a test set of {self.task} has nothing to score")
        return scores


@dataclass(frozen=True, eq=False)
class Observations:
    """The finished part of a design.

    Attributes:
        design: what was planned.
        checkpoint: the rule by which the claim takes a checkpoint.
        tasks: scores by task, in the order of the design.
        planned: number of distinct cells.
        failed: titles of the arms and units whose cells failed.
        not_run: number of cells that neither finished nor failed.
        records: ids of the cells used.
        notes: what a reader of the verdict must know.
        average: over languages, `macro` or `micro`.
        method: of one-sided tests, `t` or `sign-flip`.
        checks: exact checks that the cells made.
    """

    design: Design
    checkpoint: str
    tasks: dict[str, TaskScores]
    planned: int
    failed: tuple[str, ...] = ()
    not_run: int = 0
    records: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    average: Literal["macro", "micro"] = "macro"
    method: Literal["t", "sign-flip"] = "t"
    checks: tuple[Check, ...] = ()

    def units(self) -> tuple[int, ...]:
        """All units that some task has."""
        return tuple(sorted({unit for task in self.tasks.values() for unit in task.units}))

    def without(self, unit: int) -> Observations:
        """The same without one unit."""
        tasks = {
            name: task.take([u for u in task.units if u != unit])
            for name, task in self.tasks.items()
        }
        return replace(self, tasks=tasks)

    def without_language(self, language: str) -> Observations:
        """The same without one target language."""
        targets = tuple(c for c in self.design.targets if c != language)
        return replace(self, design=self.design.model_copy(update={"targets": targets}))

    def targets(self, task: TaskScores, split: str = "test") -> tuple[str, ...]:
        """The target languages that the task was evaluated on."""
        return task.languages(self.design.targets, split, self.checkpoint)

    def target_scores(self, task: TaskScores, split: str = "test") -> Floats:
        """Mean over the target languages, [arms, units]; see `TaskScores.scores`."""
        targets = self.targets(task, split)
        return task.scores(targets, split, self.checkpoint, average=self.average)

    def source_scores(self, task: TaskScores, split: str = "dev") -> Floats:
        """Scores on the source language, [arms, units]; see `TaskScores.scores`."""
        return task.scores((self.design.source_language,), split, self.checkpoint)

    def sentences(self) -> int:
        """Test sentences (or pairs) that a unit was judged on, over tasks and targets."""
        total = 0
        for task in self.tasks.values():
            for language in self.targets(task):
                total += int(
                    task.sizes[task.slices.index(Slice(self.checkpoint, language, "test"))]
                )
        return total


def observe(
    design: Design,
    records: Mapping[str, Record | None],
    failed: Mapping[str, str],
    *,
    checkpoint: str = "last",
    environments: Mapping[str, str] | None = None,
) -> Observations:
    """Gather the records of a design.

    Args:
        design: the claim's trials.
        records: cell id -> record; cells without one are absent or None.
        failed: cell id -> error, for cells that failed after their retries.
        checkpoint: the rule by which the claim takes a checkpoint.
        environments: cell id -> what must be the same in all arms of a unit, where known.

    Raises:
        Unjudgeable: nothing finished, or records that cannot be compared.
    """
    ids = [cell_id(trial.cell) for trial in design.trials]
    found = {i: record for i in ids if (record := records.get(i)) is not None}
    lost = tuple(
        f"{arm_title(trial.arm)}, unit {trial.unit}"
        for trial, i in zip(design.trials, ids, strict=True)
        if i not in found and i in failed
    )
    distinct = set(ids)
    not_run = sum(i not in found and i not in failed for i in distinct)
    if not found:
        _nothing(len(distinct), not_run, failed)
    trials: dict[str, list[tuple[Trial, str]]] = {}
    for trial, i in zip(design.trials, ids, strict=True):
        trials.setdefault(trial.arm.task, []).append((trial, i))
    tasks = {}
    notes = []
    for name, its in trials.items():
        _check_environments(name, its, found, environments or {})
        tasks[name] = _gather(name, its, found)
        dropped = len({t.unit for t, _ in its}) - len(tasks[name].units)
        if dropped:
            notes.append(f"{name}: {dropped} of the planned units lack a cell and are left out")
        absent = [
            c
            for c in design.targets_of.get(name, design.targets)
            if c not in tasks[name].languages([c], "test", checkpoint)
        ]
        if absent and tasks[name].units:
            notes.append(f"{name} was not evaluated in {', '.join(absent)}")
    return Observations(
        design=design,
        checkpoint=checkpoint,
        tasks=tasks,
        planned=len(distinct),
        failed=lost,
        not_run=not_run,
        records=tuple(sorted(found)),
        notes=tuple(notes),
        checks=_checks(design, ids, found),
    )


def _checks(design: Design, ids: Sequence[str], found: Mapping[str, Record]) -> tuple[Check, ...]:
    """The exact checks of all arms, each with the arm's title before it if there are several."""
    several = len({trial.arm for trial in design.trials}) > 1
    made = []
    for trial, i in zip(design.trials, ids, strict=True):
        for check in found[i].content.checks if i in found else ():
            name = f"{arm_title(trial.arm)}: {check.name}" if several else check.name
            made.append(check.model_copy(update={"name": name}))
    return tuple(made)


def _nothing(planned: int, not_run: int, failed: Mapping[str, str]) -> None:
    if not planned:
        raise Unjudgeable(Outcome.NOT_APPLICABLE, "the setting provides no cell for this claim")
    if not_run:
        none = "its one cell has not" if planned == 1 else f"none of the {planned} cells has"
        raise Unjudgeable(Outcome.NOT_RUN, f"{none} finished")
    first = next(iter(failed.values()), "")
    what = "its one cell failed" if planned == 1 else f"all {planned} cells failed, the first"
    raise Unjudgeable(Outcome.ERROR, f"{what} with: {first}")


def _check_environments(
    task: str,
    trials: Sequence[tuple[Trial, str]],
    found: Mapping[str, Record],
    environments: Mapping[str, str],
) -> None:
    """Refuse to pair arms from different environments: their difference is not the treatment's."""
    by_unit: dict[int, set[str]] = {}
    for trial, i in trials:
        if i in found and i in environments:
            by_unit.setdefault(trial.unit, set()).add(environments[i])
    mixed = {unit: kinds for unit, kinds in by_unit.items() if len(kinds) > 1}
    if mixed:
        kinds = sorted(next(iter(mixed.values())))
        raise Unjudgeable(
            Outcome.INCONCLUSIVE,
            f"the arms of {task} come from different environments ({'; '.join(kinds)}) "
            f"in {len(mixed)} units and are not paired",
        )


def _gather(
    task: str, trials: Sequence[tuple[Trial, str]], found: Mapping[str, Record]
) -> TaskScores:
    arms: list[Arm] = []
    planned: list[dict[int, list[str]]] = []  # arm -> unit -> cells, several where they are pooled
    for trial, i in trials:
        if trial.arm not in arms:
            arms.append(trial.arm)
            planned.append({})
        planned[arms.index(trial.arm)].setdefault(trial.unit, []).append(i)
    whole = [{u for u, ids in cells.items() if all(i in found for i in ids)} for cells in planned]
    units = tuple(sorted(set.intersection(*whole)))
    rows = [[[found[i] for i in cells[u]] for u in units] for cells in planned]
    every = [record for row in rows for unit in row for record in unit]
    if not every:
        return _empty(task, tuple(arms))
    reference = every[0]
    for record in every:
        _check_record(task, record)
        _check_comparable(task, reference, record)
    pooled = tuple(tuple(_pool(unit) for unit in row) for row in rows)
    slices, starts, stops = _layout(reference.content.segments)
    return TaskScores(
        task=task,
        metric=reference.content.metric,
        arms=tuple(arms),
        units=units,
        slices=slices,
        sums=_sums(pooled),
        sizes=stops - starts,
        records=pooled,
    )


def _sums(records: Sequence[Sequence[Record]]) -> Ints:
    """Summed statistics of comparable records, [arms, units, slices, columns]."""
    _, starts, stops = _layout(records[0][0].content.segments)
    sums = np.stack([segment_sums(r.statistics, starts, stops) for row in records for r in row])
    return sums.reshape(len(records), len(records[0]), len(starts), -1)


def _empty(task: str, arms: tuple[Arm, ...]) -> TaskScores:
    return TaskScores(
        task=task,
        metric="accuracy",
        arms=arms,
        units=(),
        slices=(),
        sums=np.zeros((len(arms), 0, 0, 2), dtype=np.int64),
        sizes=np.zeros(0, dtype=np.int64),
        records=tuple(() for _ in arms),
    )


def _pool(records: Sequence[Record]) -> Record:
    """One record for a unit of several cells, such as fine-tuning seeds of one pretraining."""
    if len(records) == 1:
        return records[0]
    first, rows = records[0], len(records[0].statistics)
    total = np.stack([r.statistics for r in records]).sum(axis=0, dtype=np.int32)
    # What was predicted cannot be pooled, and is not judged.
    return Record(
        content=first.content,
        statistics=np.asarray(total),
        clusters=first.clusters,
        offsets=np.zeros(rows + 1, dtype=np.int64),
        predictions=np.zeros(0, dtype=np.int16),
    )


def _places(segments: Sequence[Segment], pieces: Sequence[Slice]) -> list[Segment]:
    at = {Slice(s.checkpoint, s.language, s.split): s for s in segments}
    return [at[piece] for piece in pieces]


def _layout(segments: Sequence[Segment]) -> tuple[tuple[Slice, ...], Ints, Ints]:
    ordered = sorted(segments, key=lambda s: (s.checkpoint, s.split, s.language))
    return (
        tuple(Slice(s.checkpoint, s.language, s.split) for s in ordered),
        np.array([s.start for s in ordered], dtype=np.int64),
        np.array([s.stop for s in ordered], dtype=np.int64),
    )


def _check_record(task: str, record: Record) -> None:
    """Refuse a record that contradicts itself; the store's checksums find torn ones."""
    s = record.statistics
    columns = COLUMNS[record.content.metric]
    sound = (
        s.ndim == 2
        and s.shape[1] == len(columns)
        and np.issubdtype(s.dtype, np.integer)
        and s.shape[0] == record.clusters.shape[0]
        and all(0 <= g.start <= g.stop <= s.shape[0] for g in record.content.segments)
        and bool((s >= 0).all())
        and bool((s[:, :1] <= s[:, 1:]).all())
    )
    if not sound:
        raise Unjudgeable(
            Outcome.ERROR, f"a record of {task} contradicts itself in its per-sentence statistics"
        )


def _check_comparable(task: str, reference: Record, record: Record) -> None:
    """Refuse arms that were not scored on the same sentences."""
    if record is reference:
        return
    a, b = reference.content, record.content
    if a.metric != b.metric:
        raise Unjudgeable(
            Outcome.ERROR, f"{task} is scored by {a.metric} in one arm and {b.metric} in another"
        )
    # The last column counts what there was to find: equal for equal sentences.
    same = (
        a.segments == b.segments
        and np.array_equal(reference.clusters, record.clusters)
        and np.array_equal(reference.statistics[:, -1], record.statistics[:, -1])
    )
    if not same:
        raise Unjudgeable(Outcome.ERROR, _difference(task, reference, record))


def _difference(task: str, reference: Record, record: Record) -> str:
    a = {Slice(s.checkpoint, s.language, s.split): s for s in reference.content.segments}
    b = {Slice(s.checkpoint, s.language, s.split): s for s in record.content.segments}
    for piece in sorted(a.keys() ^ b.keys()):
        return (
            f"{task} was evaluated on {piece.language} {piece.split} "
            f"({piece.checkpoint}) in some arms only"
        )
    for piece, one in a.items():
        other = b[piece]
        if one.stop - one.start != other.stop - other.start:
            return (
                f"the arms of {task} were scored on {piece.split} sets of different length in "
                f"{piece.language}: {one.stop - one.start} and {other.stop - other.start} sentences"
            )
    return f"the arms of {task} were scored on different sentences"
