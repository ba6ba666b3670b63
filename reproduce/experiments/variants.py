"""The variant of a setting that a claim is tested in, such as a world without kinship."""

from __future__ import annotations

from reproduce.nouns.scene import Scene


def scene_of(variant: str | None, scene: Scene) -> Scene | None:
    """The scene of a variant, or the setting's own; None where it is not to be had."""
    return scene if variant is None else scene.variants.get(variant)


def why_absent(variant: str | None, scene: Scene) -> dict[str, str]:
    """The variant with the reason why it is not to be had, for `Design.unavailable`."""
    if variant is None or variant in scene.variants:
        return {}
    return {variant: scene.absent.get(variant, "it was not looked up")}
