import unittest

from allotment.beds import Bed, BedFull, add_plant, are_bad_neighbours


class BedTest(unittest.TestCase):
    def test_a_plant_takes_room(self):
        bed = Bed("south", 4.0)
        add_plant(bed, "tomato")
        self.assertAlmostEqual(bed.used_area(), 0.5)

    def test_a_full_bed_refuses(self):
        bed = Bed("pot", 0.3)
        with self.assertRaises(BedFull):
            add_plant(bed, "tomato")

    def test_bad_neighbours_both_ways(self):
        self.assertTrue(are_bad_neighbours("onion", "pea"))
        self.assertTrue(are_bad_neighbours("pea", "onion"))


if __name__ == "__main__":
    unittest.main()
