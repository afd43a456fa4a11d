"""The garden as a JSON file."""

import json
from pathlib import Path

from ..beds import Bed


def load_beds(path):
    """Reads the beds from a file; a missing file is an empty garden."""
    file = Path(path)
    if not file.exists():
        return []
    data = json.loads(file.read_text(encoding="utf-8"))
    return [Bed(**bed) for bed in data["beds"]]


def save_beds(path, beds):
    """Writes the beds to a file."""
    # TODO: write to a temporary file first
    data = {"beds": [vars(bed) for bed in beds]}
    Path(path).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
