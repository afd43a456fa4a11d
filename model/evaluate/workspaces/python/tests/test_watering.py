import unittest

from allotment.beds import Bed
from allotment.watering import barrel_days, heat_factor, litres_for


class WateringTest(unittest.TestCase):
    def test_normal_day(self):
        self.assertEqual(heat_factor(20), 1)

    def test_hot_day(self):
        self.assertAlmostEqual(heat_factor(30), 1.5)

    def test_an_empty_bed_needs_nothing(self):
        self.assertEqual(litres_for(Bed("shade", 3.0), 30), 0)

    def test_barrel(self):
        self.assertEqual(barrel_days([Bed("fence", 2.5, ["pea"])], 20), 30)
