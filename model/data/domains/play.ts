/** Games, sports and music. The form is told in `domains.ts`. */
export const play = `
# chess | a chess club ladder and its games
player: name s, rating i, games i, retired b
game: white s, black s, moves i, drawn b
$ k factor = 24 | How strongly one game moves a rating
$ start rating = 1200 | The rating of a new player
$ clock minutes = 15 | Minutes on the clock of each player
! Checkmate in two moves!
! It is not your turn.
! The game ended in a draw.

# dungeon | a small text adventure
hero/heroes: name s, health i, gold i, level i, poisoned b
monster: kind s, strength i, loot i, asleep b
$ max health = 100 | Health that no hero can exceed
$ potion power = 25 | Health that one potion gives back
$ levels below = 9 | Levels under the entrance
! You hear something growling in the dark.
! The door is locked.
! You have been defeated.

# league | tables of an amateur football league
team: name s, points i, goals i, home wins i, relegated b
match/matches: home s, away s, home goals i, away goals i, played b
$ win points = 3 | Points for a win
$ draw points = 1 | Points for a draw
$ relegated teams = 2 | Teams that leave the league at the end
! Match was called off because of the weather.
! Three points for the guests.
! The table is final.

# playlist | playlists and what is played next
song: title s, artist s, seconds i, plays i, explicit b
album: name s, year i, tracks i, compilation b
$ crossfade seconds = 6 | Seconds in which two songs overlap
$ skip limit = 5 | Songs that may be skipped in an hour
$ queue length = 30 | Songs that are planned ahead
! Nothing is playing right now.
! Song was added to the end of the queue.
! You have skipped too many songs.

# quiz/quizzes | quiz evenings with teams
question: prompt s, points i, seconds i, answered b
round: theme s, question count i, bonus i, finished b
$ seconds to answer = 45 | Time for one answer
$ joker count = 2 | Jokers that each team has
$ wrong penalty = 5 | Points off for a wrong answer
! Time is up!
! That is correct, well done.
! Pens down, the round is over.

# climbing | routes and members of a climbing gym
route: setter s, grade i, holds i, wall s, removed b
climber: name s, best grade i, visits i, belay card b
$ rope metres = 60 | Length of a rope
$ route weeks = 10 | Weeks until a route is reset
$ kids age = 14 | Age below which children need a grown-up
! Check your knot before you start.
! This route is being reset.
! New personal best!

# darts | scores of darts games
throw: segment i, factor i, busted b
leg: starter s, darts used i, checkout i, won b
$ start score = 501 | Points at which a leg begins
$ darts per turn = 3 | Darts thrown in one turn
$ bull points = 50 | What the bullseye counts
! Game shot!
! Bust, the score stays as it was.
! You need a double to finish.

# choir | rehearsals and voices of a choir
singer: name s, voice s, absences i, soloist b
piece: title s, composer s, voices i, minutes n, memorised b
$ rehearsal minutes = 120 | How long a rehearsal lasts
$ max absences = 3 | Rehearsals that may be missed before a concert
$ tuning hertz = 442 | The pitch of the A
! Please bring a pencil to the rehearsal.
! The tenors are missing again.
! Concert is sold out.

# solitaire | a patience game with cards
card: suit s, rank i, face up b
pile: label s, height i, top rank i, empty b
$ deck size = 52 | Cards in the deck
$ piles = 7 | Piles on the table
$ draw count = 3 | Cards that are turned at once
! No more moves.
! You won, congratulations!
! That card cannot go there.
`;
