/** Kitchen, school, health and leisure. The form is told in `domains.ts`. */
export const home = `
# recipes | recipes and shopping lists
recipe: title s, servings i, minutes i, rating n, vegan b
ingredient: name s, grams i, shelf s, allergen b
$ default servings = 4 | Servings when nobody says otherwise
$ cup millilitres = 240 | Millilitres in a cup
$ oven preheat = 12 | Minutes until the oven is hot
! Enjoy your meal!
! Something is missing in the pantry.
! This recipe needs an oven.

# garden | beds and plants of a garden
plant: species s, row i, height n, thirst i, perennial b
bed: label s, width n, plant count i, shaded b
$ watering days = 2 | Days between two waterings
$ row gap = 30 | Centimetres between two rows
$ compost litres = 40 | Litres of compost for one bed
! Time to water the tomatoes.
! It will rain, no watering today.
! This bed needs a rest.

# library | the lending desk of a library
book: title s, author s, pages i, copies i, borrowed b
member: name s, card number s, loans i, suspended b
$ max loans = 5 | Books that one member may have at once
$ fine per day = 20 | Cents for each day after the due date
$ loan weeks = 4 | Weeks until a book has to come back
! All copies of this book are out.
! Please return your books by Friday.
! Reading room closes in ten minutes.

# school | classes, pupils and marks
pupil: name s, class name s, absences i, points i, excused b
exam: subject s, max points i, minutes i, graded b
$ pass percent = 50 | Share of the points needed to pass
$ class size = 26 | Pupils that one class may have
$ lesson minutes = 45 | How long a lesson lasts
! Exam has not been graded yet.
! Everyone has passed!
! Parents have been informed.

# fitness | workouts and training plans
workout: sport s, minutes i, calories i, heart rate i, indoor b
plan: title s, weeks i, sessions i, paused b
$ weekly goal = 150 | Minutes of sport in a week
$ max heart rate = 190 | Beats a minute that should not be exceeded
$ rest days = 2 | Days of rest in a week
! You have reached your weekly goal.
! Take a rest day tomorrow.
! Heart rate is too high, slow down.

# pharmacy | medicines and prescriptions
medicine: name s, dose i, stock i, shelf life i, refrigerated b
prescription: doctor s, refills i, days i, filled b
$ max refills = 3 | How often a prescription may be filled again
$ fridge degrees = 5 | Degrees in the refrigerator
$ reorder stock = 25 | Packs at which more is ordered
! Take with a glass of water.
! Prescription has expired.
! This medicine must be kept cold.

# dictionary | vocabulary cards to learn with
word card: term s, translation s, box i, mistakes i, known b
lesson: title s, card count i, streak i, finished b
$ box count = 5 | Boxes that a card goes through
$ daily cards = 25 | New cards a day
$ easy factor = 2.5 | By what the pause grows after a right answer
! Nothing to learn today, come back tomorrow.
! Almost, look at the spelling again.
! You know this one by heart.

# packing | packing lists for journeys
item: label s, grams i, quantity i, packed b
suitcase: owner s, weight limit i, volume n, carry on b
$ carry on grams = 8000 | What hand luggage may weigh
$ spare socks = 2 | Pairs of socks more than days
$ list version = 3 | The form in which lists are saved
! Do not forget your passport.
! The suitcase is too heavy.
! Everything is packed, have a good trip!

# laundry | machines of a laundry room
machine: label s, capacity i, minutes left i, price i, occupied b
load: owner s, kilograms n, degrees i, delicate b
$ coin value = 50 | Cents that one coin is worth
$ spin speed = 1200 | Turns a minute when spinning
$ soap grams = 65 | Soap for one load
! Your laundry is done.
! All machines are occupied.
! Wool must not be washed hot.

# family | a family tree
person/people: name s, born i, died i, children i, adopted b
marriage: place s, year i, witnesses i, divorced b
$ generation years = 28 | Years that one generation counts
$ oldest year = 1600 | No record goes back further
$ tree depth = 8 | Generations that are drawn
! No common ancestor was found.
! A person cannot be their own parent.
! The tree has been saved.
`;
