"""The command ``escalation plot``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.completion import complete_path, complete_scenario
from sim.cli.options import OUT, bounded, examples, out_option, refuse_place, unwritable
from sim.cli.playing import shown_progress
from sim.cli.results import Asked, named, results_options
from sim.cli.run import told_run
from sim.cli.screen import BOLD, DIM, Screen
from sim.drawing_kinds import FORMATS, REPLICATES, kinds
from sim.errors import InputError, nearest_name

if TYPE_CHECKING:
    from sim.drawing import Picture
    from sim.saving import Content

__all__ = ["command"]


def _table() -> str:
    """List the kinds of picture for the help text."""
    wide = max(len(kind.name) for kind in kinds())
    return "\b\nKinds:\n" + "\n".join(f"  {kind.name:<{wide}}  {kind.says}" for kind in kinds())


@click.command(
    "plot",
    short_help="Draw the pictures of results, or of a scenario.",
    epilog=_table()
    + "\n\n"
    + examples(
        "escalation plot after-the-strike",
        "escalation plot after-the-strike --kind fan --kind tree --format svg",
        "escalation plot after-the-strike --kind difference --against eighty-dead",
        "escalation plot after-the-strike --seed 14 --kind decision --move 8",
        "escalation plot results/killing --kind tree",
    ),
)
@click.option(
    "--kind",
    "names",
    multiple=True,
    metavar="K",
    help="Draw this kind alone; may be repeated. All that the results can show where not given.",
)
@click.option(
    "--format",
    "form",
    default=FORMATS[0],
    metavar="F",
    show_default=True,
    help="Of the files: png, svg or pdf.",
)
@out_option("Folder for the files; that of the results, or one in results/, where not given.")
@click.option(
    "--against",
    metavar="B",
    shell_complete=complete_scenario,
    help="A scenario to compare with, on the same luck.",
)
@click.option(
    "--set-b",
    "values_b",
    multiple=True,
    metavar="PATH=VALUE",
    shell_complete=complete_path,
    help="Like --set, in B alone; B is then RESULTS where --against is not given.",
)
@click.option(
    "--move", type=int, callback=bounded(1), metavar="K", help="Which move a decision is about."
)
@click.option(
    "--outcome", metavar="O", help="What pictures of a study show; open_war where not given."
)
@results_options(f"{REPLICATES:,}")
def command(
    asked: Asked,
    names: tuple[str, ...],
    form: str,
    out: Path | None,
    against: str | None,
    values_b: tuple[str, ...],
    move: int | None,
    outcome: str | None,
) -> None:
    """Draw what RESULTS can show: a folder that a command wrote, or a scenario.

    Of a scenario one history and an ensemble are simulated. Every picture says what it rests on,
    and shows the 95% interval of what it estimates. The same input gives the same files.
    """
    from sim.drawing import draw, source_of

    if form not in FORMATS:
        raise InputError(
            f"no such format {form!r}",
            file="--format",
            allowed=", ".join(FORMATS),
            nearest=nearest_name(form, FORMATS),
        )
    made = asked.found()
    if isinstance(made, Path) and asked.replicates is not None:
        raise click.UsageError("results are shown as they are: --replicates is for scenarios")
    other = asked.other(against, values_b)
    folder = out or (made if isinstance(made, Path) else Path(named(made, "pictures")))
    refuse_place(folder, folder, OUT)
    with shown_progress(ensembles=1 if other is None else 2) as progress:
        source = source_of(
            made,
            scenario=asked.of(),
            against=other,
            seed=asked.seed,
            replicates=asked.replicates,
            threads=asked.threads,
            progress=progress,
            tell=lambda scenario, seed: told_run(scenario, seed, 0),
            move=move,
            outcome=outcome,
        )
        left: list[str] = []
        pictures = draw(
            source,
            names,
            passed_over=lambda kind, error: left.append(f"Not drawn, {kind.name}: {error}"),
        )
    files = {_file(picture, form, outcome): picture for picture in pictures}
    _write(files, folder, form)
    screen = Screen.current()
    lines = [*_told(files, folder, screen)]
    lines += [line for why in left for line in screen.flow("", "  ", (why, DIM))]
    click.echo("\n".join(lines))


def _file(picture: Picture, form: str, outcome: str | None) -> str:
    """Name a file, so that pictures of several outcomes stand beside one another."""
    of = f"-{outcome}" if outcome and "outcome" in picture.kind.options else ""
    return f"{picture.kind.name}{of}.{form}"


def _write(pictures: Mapping[str, Picture], folder: Path, form: str) -> None:
    """Write the files, or say in a line why they cannot be written."""
    from sim.saving import write_files

    files: dict[str, Content] = {name: p.render(form) for name, p in pictures.items()}
    try:
        write_files(folder, files)
    except OSError as error:
        raise unwritable(folder, error, OUT) from error


def _told(pictures: Mapping[str, Picture], folder: Path, screen: Screen) -> Iterator[str]:
    """Say what was written, and what each picture shows."""
    yield f"Written: {folder}"
    for name, picture in pictures.items():
        yield from screen.flow("  ", "    ", (name, BOLD), (picture.title, DIM))
