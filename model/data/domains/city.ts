/** Traffic, public services and places. The form is told in `domains.ts`. */
export const city = `
# transit | departures of trams and buses
stop: name s, zone i, platforms i, accessible b
departure: line s, target s, minutes i, delayed b
$ walking metres = 80 | Metres that people walk in a minute
$ zone fare = 170 | Cents for each zone that is crossed
$ night factor = 2 | What a ticket costs after midnight, times the day fare
! This line ends here, please change.
! No service because of road works.
! The next tram is very late.

# parking | a car park with gates
space: level i, number i, charger kw i, taken b
car: plate s, entered hour i, length n, electric b
$ free minutes = 15 | Minutes that cost nothing
$ day maximum = 1800 | Cents that a whole day costs at most
$ gate seconds = 20 | How long the gate stays open
! Please pay before you return to your car.
! The car park is full.
! Gate is out of order, use the other one.

# elevators | the control of lifts in a tower
cabin: label s, floor i, load i, door open b
call: floor i, waiting seconds i, direction s, answered b
$ top floor = 31 | The highest floor
$ max load = 900 | Kilograms that a cabin may carry
$ door seconds = 4 | How long the door stays open
! Please step back from the door.
! Cabin is overloaded.
! Out of service until further notice.

# museum | exhibitions and guided tours
exhibit: title s, year i, room i, insured value i, on loan b
tour: guide s, language s, visitors i, minutes i, cancelled b
$ group size = 18 | Visitors that one guide may lead
$ student discount = 40 | Percent off for students
$ humidity target = 52 | Percent of humidity in the halls
! Do not touch the exhibits.
! The next tour starts at the main stairs.
! This room is closed for restoration.

# elections | counting votes in districts
ballot: district s, choice s, page i, valid b
candidate: name s, party s, votes i, withdrawn b
$ seats = 120 | Seats in the council
$ hurdle percent = 5 | Share of the votes a party needs to get seats
$ district count = 14 | Districts that report a result
! The count is not complete yet.
! Ballot is void and was put aside.
! There is a tie, a recount is needed.

# firehouse | alarms and crews of a fire brigade
alarm: street s, level i, engines i, false alarm b
crew: leader s, members i, ladder metres n, on duty b
$ reaction seconds = 90 | Seconds until the first engine has to leave
$ crew size = 6 | Members that one engine needs
$ hose metres = 20 | Length of one hose
! All units return to the station.
! False alarm, nobody was hurt.
! Ladder needs an inspection.

# streetlights | switching lamps along roads
lamp: road s, watts i, hours burned i, dimmed b
circuit: cabinet s, lamp count i, amperes n, tripped b
$ dusk lux = 10 | Brightness below which the lamps go on
$ dim percent = 40 | Power at which lamps burn after midnight
$ lamp hours = 20000 | Hours after which a lamp is exchanged
! Circuit has tripped, send an electrician.
! All lamps are on.
! This road has no lamps.

# bikes | shared bicycles and their stations
bike: frame s, gears i, kilometres n, broken b
dock: place s, slots i, bikes parked i, solar b
$ free ride minutes = 30 | Minutes of a ride that cost nothing
$ service kilometres = 800 | Kilometres between two inspections
$ fine missing bike = 30000 | Cents for a bike that is not brought back
! Your ride has ended, thank you!
! No bike is free at this dock.
! Brakes need a check before the next ride.

# airport | gates and boarding
flight: code s, airline s, seats i, delay i, boarding b
passenger: name s, bags i, seat s, checked in b
$ bag weight = 23 | Kilograms that one bag may weigh
$ boarding minutes = 40 | Minutes before departure when boarding begins
$ lounge price = 3900 | Cents for an hour in the lounge
! Last call for all remaining passengers.
! Your bag is too heavy.
! The gate has changed.
`;
