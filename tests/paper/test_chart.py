"""A chart's drawing: what stands where, holes, and time from the right."""

from stepdesk.paper.chart import Block, Chart, ChartKind, Label, Side, Stroke, Tone, axis, drawing


def plain_measure(words: str, size: float) -> float:
    return len(words) * size / 2


def a_chart(*values: int | None, **told: object) -> Chart:
    return Chart(
        told.pop("kind", ChartKind.LINE),  # type: ignore[arg-type]
        tuple("ABCDEFGHIJKLM"[: len(values)]),
        values,
        tuple("" if value is None else str(value) for value in values),
        **told,  # type: ignore[arg-type]
    )


def shapes(chart: Chart) -> tuple[object, ...]:
    return drawing(chart, width=200, height=100, size=10, measure=plain_measure)


def test_the_axis_begins_at_zero_and_ends_above_the_most() -> None:
    assert axis(1) == (0, 1)
    assert axis(3) == (0, 1, 2, 3)
    assert axis(83) == (0, 50, 100)
    assert axis(199) == (0, 100, 200)
    assert axis(611) == (0, 500, 1000)
    # Tenths: whole numbers on the axis.
    assert axis(52, 10) == (0, 20, 40, 60)
    assert axis(913, 10) == (0, 500, 1000)


def test_bars_stand_on_the_base_line_as_high_as_their_figure() -> None:
    drawn = shapes(a_chart(100, 50, kind=ChartKind.BAR))
    first, second = (one for one in drawn if isinstance(one, Block))
    assert first.y + first.height == second.y + second.height == 100 - 16
    assert first.height == 2 * second.height == 100 - 16 - 15
    assert first.x < second.x
    assert first.tone is Tone.FIGURES


def test_nothing_is_drawn_across_a_hole() -> None:
    drawn = shapes(a_chart(10, 20, None, 30, 40))
    lines = [one for one in drawn if isinstance(one, Stroke) and one.tone is Tone.FIGURES]
    assert len(lines) == 2
    assert len([one for one in drawn if isinstance(one, Block)]) == 4
    assert lines[0].until_x < lines[1].x


def test_the_last_figure_is_written_at_the_line() -> None:
    drawn = shapes(a_chart(10, 20, None))
    bold = [one for one in drawn if isinstance(one, Label) and one.bold]
    assert [one.words for one in bold] == ["20"]


def test_a_threshold_is_dashed_and_within_the_axis() -> None:
    drawn = shapes(a_chart(20, 30, threshold=100))
    [line] = [one for one in drawn if isinstance(one, Stroke) and one.dashed]
    assert line.y == 15  # the top of the plot: the axis ends at 100
    assert line.tone is Tone.THRESHOLD


def test_time_runs_from_the_right_where_writing_does() -> None:
    plain = shapes(a_chart(100, 50, kind=ChartKind.BAR))
    turned = shapes(a_chart(100, 50, kind=ChartKind.BAR, mirrored=True))
    first, other = (
        next(one for one in drawn if isinstance(one, Block)) for drawn in (plain, turned)
    )
    assert other.x == 200 - first.x - first.width
    axis_words = [one for one in turned if isinstance(one, Label) and one.side is Side.LEFT]
    assert [one.words for one in axis_words] == ["0", "50", "100"]
    assert all(one.x > 150 for one in axis_words)


def test_labels_that_have_no_room_are_left_out_but_not_the_last() -> None:
    chart = Chart(ChartKind.LINE, tuple(f"Month {at}" for at in range(13)), (1,) * 13, ("1",) * 13)
    named = [one.words for one in shapes(chart) if isinstance(one, Label) and "Month" in one.words]
    assert named[-1] == "Month 12"
    assert 1 < len(named) < 13


def test_no_figures_draw_an_empty_axis() -> None:
    assert not [one for one in shapes(a_chart(None, None)) if isinstance(one, Block)]
