"""Beds, and what still fits in."""

from dataclasses import dataclass, field

from .plants import find_plant

# One has to be able to weed, so a bed is never filled completely.
MAX_FILL = 0.9

BAD_NEIGHBOURS = {("pea", "onion"), ("bean", "leek"), ("tomato", "potato")}


class BedFull(Exception):
    """There is no room left in the bed."""


@dataclass
class Bed:
    """A bed with an area in square metres and the names of what grows in it."""

    name: str
    area: float
    plants: list = field(default_factory=list)

    def used_area(self):
        """Square metres that are taken."""
        return sum(find_plant(name).room for name in self.plants)

    def free_area(self):
        """Square metres that can still be planted."""
        return self.area * MAX_FILL - self.used_area()


def add_plant(bed, name):
    """Puts a plant into a bed. Raises BedFull, or ValueError for a bad neighbour."""
    plant = find_plant(name)
    if plant.room > bed.free_area():
        raise BedFull(f"No room for {name} in the bed {bed.name}")
    for other in bed.plants:
        if are_bad_neighbours(name, other):
            raise ValueError(f"{name} does not like {other}")
    bed.plants.append(name)


def are_bad_neighbours(one, other):
    """True when these two harm each other."""
    return (one, other) in BAD_NEIGHBOURS or (other, one) in BAD_NEIGHBOURS


def largest_bed(beds):
    return max(beds, key=lambda bed: bed.area)
