import unittest
from datetime import date

from allotment.plants import find_plant
from allotment.seasons import can_sow, last_frost, planting_day


class SeasonTest(unittest.TestCase):
    def test_last_frost(self):
        self.assertEqual(last_frost(2026), date(2026, 5, 12))

    def test_tender_plants_wait(self):
        self.assertEqual(planting_day(find_plant("tomato"), 2026), date(2026, 5, 24))

    def test_peas_go_out_early(self):
        self.assertTrue(can_sow(find_plant("pea"), date(2026, 3, 20)))
