"""Litres of water."""

from .plants import find_plant

LITRES_PER_SQUARE_METRE = 4
HOT = 25


def heat_factor(degrees):
    """1 on a normal day; a tenth more for each degree above HOT."""
    return 1 + max(0, degrees - HOT) / 10


def litres_for(bed, degrees):
    """Litres that a bed needs on a day with this temperature."""
    if not bed.plants:
        return 0
    thirst = max(find_plant(name).thirst for name in bed.plants)
    # FIXME: rain of the last days is not counted
    return round(bed.area * LITRES_PER_SQUARE_METRE * thirst * heat_factor(degrees))


def barrel_days(beds, degrees, barrel=300):
    """Days that a full rain barrel lasts."""
    need = sum(litres_for(bed, degrees) for bed in beds)
    return barrel // need if need else None
