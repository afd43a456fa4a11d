"""Frost dates and sowing windows."""

from datetime import date, timedelta

from .plants import PLANTS

LAST_FROST = (5, 12)
SAFETY_DAYS = 12


def last_frost(year):
    """The day of the last frost to be expected in a year."""
    month, day = LAST_FROST
    return date(year, month, day)


def planting_day(plant, year):
    """The first day on which a plant may go out; tender ones wait until the frost is over."""
    first = date(year, plant.sow_from, 1)
    if not plant.tender:
        return first
    return max(first, last_frost(year) + timedelta(days=SAFETY_DAYS))


def can_sow(plant, day):
    """True when a plant may be sown outside on this day."""
    return planting_day(plant, day.year) <= day and day.month <= plant.sow_until


def sowable(day):
    """Names of all plants that may be sown on this day, in alphabetical order."""
    return sorted(plant.name for plant in PLANTS if can_sow(plant, day))
