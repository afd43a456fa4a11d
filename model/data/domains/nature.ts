/** Land, animals, weather and the sky. The form is told in `domains.ts`. */
export const nature = `
# weather | weather reports from small stations
station: place s, altitude i, sensors i, online b
reading: station code s, temperature n, humidity i, hour i, valid b
$ frost limit = 2 | Degrees below which frost is announced
$ storm speed = 75 | Wind in km/h from which a storm is announced
$ readings kept = 288 | Readings of one station that stay in memory
! Frost is expected tonight, cover your plants.
! No data from this station since yesterday.
! A calm and sunny day ahead.

# beehive | hives and honey of a beekeeper
hive: label s, frames i, honey i, queen age i, swarming b
visit: keeper s, minutes i, mites found i, stung b
$ mite threshold = 30 | Mites in a sample from which the hive is treated
$ frames per box = 10 | Frames that fit into one box
$ winter stores = 18 | Kilograms of honey a hive needs for the winter
! Smoke the hive before opening it.
! The queen was not seen today.
! Harvest is finished for this year.

# aquarium | tanks, fish and water values
tank: name s, litres i, salinity n, heater watts i, planted b
fish/fish: species s, length n, swarm size i, predator b
$ litres per fish = 12 | Water that one fish needs
$ feeding hours = 10 | Hours between two feedings
$ ideal temperature = 25 | Degrees the heater aims at
! Change a third of the water this week.
! The heater seems to be broken.
! These two species do not get along.

# trails | hiking trails and their conditions
trail: title s, kilometres n, ascent i, huts i, closed b
hiker: nickname s, summits i, pace n, guided b
$ walking speed = 4.2 | Kilometres an hour on flat ground
$ ascent per hour = 400 | Metres of ascent that count as an hour
$ steep grade = 18 | Percent from which a trail counts as steep
! Trail closed because of falling rocks.
! Take enough water with you.
! You have reached the summit!

# stars | a log of the night sky
star: name s, magnitude n, constellation s, distance n, double b
telescope: model s, aperture i, focal length i, motorised b
$ naked eye limit = 6 | The faintest magnitude the eye can see
$ light year km = 9460730472580 | Kilometres in one light year
$ exposure seconds = 90 | How long one picture is exposed
! Clouds all over, no observation tonight.
! The telescope is pointing at the sun!
! Calibration frames are missing.

# forest | an inventory of trees
tree: species s, height n, girth n, age i, protected b
parcel: owner s, hectares n, tree count i, fenced b
$ felling age = 80 | Years after which a tree may be felled
$ trees per hectare = 400 | The density that is aimed at
$ girth height = 1.3 | Metres above ground where the girth is taken
! Protected trees must not be felled.
! Beetles were found in this parcel.
! Thank you for planting a tree.

# vets | patients of a veterinary practice
patient: name s, species s, weight n, visits i, vaccinated b
owner: surname s, phone s, pets i, insured b
$ vaccine months = 12 | Months that a vaccination lasts
$ puppy weeks = 16 | Age in weeks until a dog counts as a puppy
$ visit price = 4200 | Cents for a visit without treatment
! Please keep your dog on a leash.
! The vaccination is overdue.
! Get well soon, little friend!

# tides | tide tables for harbours
harbour: name s, depth n, berths i, sheltered b
tide: hour i, level n, coefficient i, spring b
$ safe depth = 2.5 | Metres of water that a boat needs at least
$ cycle minutes = 745 | Minutes from one high tide to the next
$ gale force = 8 | Force from which nobody leaves the harbour
! High water at noon.
! The harbour entrance is too shallow now.
! No tide table for this harbour.

# compost | a community compost heap
heap: corner s, volume i, temperature n, turned times i, ripe b
delivery/deliveries: household s, buckets i, smell i, rejected b
$ turning days = 21 | Days between two turnings
$ ripe temperature = 30 | Degrees below which a heap is ripe
$ max buckets = 6 | Buckets one household may bring in a week
! No cooked food, please.
! This heap is ready for the garden.
! The bin is full, come back on Monday.
`;
