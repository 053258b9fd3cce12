"""The stages of an einsum as grids: every operand in its own row up to where it is lined up, the product, the sum.

One element of the result is lit, and in every array what it is made of.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...core.drawing import Drawing, Ink, Look, Rectangle
from ...core.message import Message
from ...core.slide import HEAD_HEIGHT, MARGIN, MAX_LARGER, NOTES_HEIGHT, Heading, Slide
from ...core.story import StageKind, Story, StoryStage
from .element_case import ElementCase
from .lanes import Lane, laid_out
from .stage_panel import StageScene, StageSize, stage_panel

SIZES = tuple(
    StageSize(places=places, slices=slices, high=high, font=font)
    for places, slices, high, font in (
        (8, 4, 46, 22),
        (8, 4, 40, 20),
        (8, 4, 34, 18),
        (8, 4, 28, 16),
        (6, 3, 26, 15),
        (5, 3, 24, 14),
        (4, 2, 24, 14),
        (3, 2, 24, 14),
        (6, 3, 18, 0),
        (4, 2, 16, 0),
        (3, 2, 14, 0),
        (2, 2, 12, 0),
        (0, 0, 0, 0),
    )
)
"""What is tried, best first."""


def draw_stages(story: Story, case: ElementCase, heading: Heading, notes: tuple[Message, ...] = ()) -> Drawing:
    """Return the picture of a story of one step whose lengths are all known."""
    equation, names = case.equation, case.equation.names
    at = None if case.at is None else {names.shown(label): place for label, place in case.at.items()}
    scene = StageScene(story=story, equation=equation, at=at)
    slide = Slide()
    for _ in range(MAX_LARGER):
        size = _fitting(scene, slide)
        if size is not None:
            shapes = _placed(scene, size, slide, drawn=True) or []
            said = (*_said(scene, size, case, shapes), *notes)
            whole = (*shapes, *slide.notes(said))
            return slide.drawing("stages", heading, equation.sentences, shapes=whole, more=said)
        slide = slide.larger()
    return slide.drawing("stages", heading, equation.sentences, shapes=slide.notes(notes), more=notes)


def _said(scene: StageScene, size: StageSize, case: ElementCase, shapes: Sequence[Ink]) -> tuple[Message, ...]:
    """Return which element is lit, and why cells have no values; that there are no cells, where the result has none."""
    result = case.equation.result
    element = None if case.at is None else case.equation.whole(result, case.at)
    cells = [shape for shape in shapes if isinstance(shape, Rectangle) and shape.element is not None]
    shown = element is None or any(cell.element == element and cell.look is Look.LIT for cell in cells)
    if not shown:
        return (Message("draw.no_cells"),)
    if any(stage.values is None for stage in scene.story.stages):
        return case.sentence(), Message("draw.values_unknown")
    return (case.sentence(),) if size.font else (case.sentence(), Message("draw.no_values"))


def _fitting(scene: StageScene, slide: Slide) -> StageSize | None:
    """Return the best size that has room on a slide; where the last one has none, no other needs to be tried."""
    if _placed(scene, SIZES[-1], slide, drawn=False) is None:
        return None
    return next(size for size in SIZES if _placed(scene, size, slide, drawn=False) is not None)


def _placed(scene: StageScene, size: StageSize, slide: Slide, *, drawn: bool) -> list[Ink] | None:
    room = slide.room, slide.height - HEAD_HEIGHT - NOTES_HEIGHT
    return laid_out(*_lanes(scene, size, drawn=drawn), MARGIN, HEAD_HEIGHT, room)


def _lanes(scene: StageScene, size: StageSize, *, drawn: bool) -> tuple[list[Lane], Lane]:
    """Return the arrays of each operand from the first on, and those from the product on."""
    (step,) = scene.story.steps
    lanes: list[list[StoryStage]] = []
    rest: list[StoryStage] = []
    for stage in step.stages:
        if stage.kind is StageKind.GIVEN:
            lanes.append([stage])
        elif stage.kind is StageKind.MULTIPLY or rest:
            rest.append(stage)
        else:
            source = stage.sources[0], stage.terms[0]
            next(lane for lane in lanes if (lane[-1].name, lane[-1].axes) == source).append(stage)
    shown = [tuple(stage_panel(scene, stage, size, drawn=drawn) for stage in lane) for lane in lanes]
    return shown, tuple(stage_panel(scene, stage, size, drawn=drawn) for stage in rest)
