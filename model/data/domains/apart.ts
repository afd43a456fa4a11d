/** Domains that only the validation part draws from. The form is told in `domains.ts`. */
export const apart = `
# lighthouse | lighthouses and their signals
signal: keeper s, flashes i, period n, fog horn b
ship: call sign s, draught n, crew count i, signalled b
$ beam miles = 21 | Nautical miles from which the light is seen
$ lamp spare = 4 | Lamps that lie ready
$ fog metres = 900 | Sight below which the horn sounds
! The light is burning.
! No ship in sight.
! Fog is coming in from the west.

# theatre | seats and performances of a theatre
performance: play s, acts i, seats sold i, cancelled b
actor: stage name s, lines i, rehearsals i, understudy b
$ interval minutes = 20 | How long the interval lasts
$ row count = 22 | Rows in the stalls
$ box price = 8800 | Cents for a seat in a box
! The curtain rises in five minutes.
! Tonight is sold out.
! Please switch off your phones.

# satellites | passes of small satellites
orbit: altitude n, inclination n, revolutions i, decaying b
beacon: callsign s, frequency n, packets i, silent b
$ earth radius = 6371 | Kilometres to the centre of the earth
$ horizon degrees = 8 | Elevation from which a pass counts
$ packet bytes = 256 | Bytes in one packet
! No pass before midnight.
! Signal was lost behind the hills.
! Orbit data is older than a week.

# orchard | harvests of an orchard
harvest: variety s, crates i, sugar n, spoiled b
picker: nickname s, crates picked i, ladder height n, seasonal b
$ crate kilograms = 16 | What a full crate weighs
$ sugar minimum = 11 | Sugar from which apples are picked
$ row length = 120 | Metres of one row of trees
! Picking starts at sunrise.
! These apples are not ripe yet.
! The cider press is being cleaned.
`;
