"""The command line: `python3 -m allotment plan`."""

import sys
from datetime import date

from .report import plan_text, water_text
from .storage.json_store import load_beds

USAGE = "Usage: allotment plan | water DEGREES"


def main(arguments):
    """Runs one command and returns the text to print."""
    beds = load_beds("garden.json")
    if arguments[:1] == ["plan"]:
        return plan_text(date.today())
    if arguments[:1] == ["water"] and len(arguments) == 2:
        return water_text(beds, float(arguments[1]))
    return USAGE


if __name__ == "__main__":
    print(main(sys.argv[1:]))
