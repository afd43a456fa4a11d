"""Texts for the person."""

from .seasons import sowable
from .watering import litres_for

WELCOME = "Good morning, gardener!"
NOTHING = "Nothing to sow this month."


def plan_text(day):
    """What can be sown on a day, as a list with a greeting."""
    names = sowable(day)
    if not names:
        return f"{WELCOME}\n{NOTHING}"
    return "\n".join([WELCOME, "You can sow now:", *(f"  - {name}" for name in names)])


def water_text(beds, degrees):
    """A line for each bed with its litres."""
    return "\n".join(bed_line(bed, degrees) for bed in beds)


def bed_line(bed, degrees):
    litres = litres_for(bed, degrees)
    if litres == 0:
        return f"{bed.name}: no water needed"
    return f"{bed.name}: {litres} litres"
