/** Shops, money and offices. The form is told in `domains.ts`. */
export const trade = `
# invoices | invoices for freelancers
invoice: number s, client s, net amount i, due days i, paid b
line item: label s, hours n, hourly rate i, billable b
$ vat rate = 19 | Value added tax in percent
$ payment days = 14 | Days until an invoice is due
$ reminder fee = 500 | Cents added with the second reminder
! Payable within 14 days without deduction.
! This invoice was already paid.
! No open invoices, well done!

# bakery | orders for a neighbourhood bakery
loaf/loaves: kind s, weight i, price i, sliced b
order: customer s, pickup hour i, loaf count i, collected b
$ oven temperature = 230 | Degrees at which the loaves go in
$ max per customer = 12 | Loaves that one customer may order
$ opening hour = 6 | When the door opens in the morning
! Fresh from the oven!
! We are sold out for today.
! Your order is ready at the counter.

# auction | online auctions with sealed bids
bid: bidder s, amount i, round i, accepted b
lot: title s, starting price i, reserve i, closed b
$ minimum raise = 100 | The least by which a bid must top the one before
$ closing minutes = 3 | Minutes a late bid keeps the lot open
$ house cut = 12 | Percent that the house keeps
! Going once, going twice...
! The reserve has not been met.
! Bids close in three minutes.

# payroll | monthly pay slips
employee: name s, badge s, gross pay i, children i, part time b
bonus/bonuses: reason s, cents i, quarter i, taxable b
$ overtime factor = 1.5 | What an hour counts after the eighth
$ pension percent = 9.3 | Share of the gross pay for the pension
$ tax free cents = 92000 | Monthly pay on which no tax is due
! Pay slips have been sent to every employee.
! Overtime must be approved by a manager.
! Nobody is on the payroll yet.

# warehouse | stock keeping for a warehouse
pallet: code s, aisle i, weight i, fragile b
shipment: carrier s, pallet count i, distance n, delivered b
$ aisle count = 24 | How many aisles the hall has
$ max stack = 4 | Pallets that may stand on one another
$ reorder level = 40 | Stock below which more is ordered
! Fragile goods must not be stacked.
! Aisle is blocked, use the next one.
! Stock count finished without differences.

# tickets | support tickets of a help desk
ticket: subject s, reporter s, priority i, replies i, solved b
queue: label s, open count i, oldest days i, muted b
$ escalation hours = 8 | Hours without a reply until a ticket is escalated
$ top priority = 1 | The number of the most urgent priority
$ max replies = 50 | Replies after which a ticket should be closed
! We have received your request and will get back to you soon.
! This ticket was closed because nobody answered.
! Please attach a screenshot.

# coupons | discount codes for a web shop
coupon: code s, percent i, minimum i, uses i, expired b
basket: owner s, item count i, subtotal i, locked b
$ max percent = 60 | No coupon takes off more than this
$ code length = 8 | Letters and digits in a new code
$ loyalty step = 10 | Orders between two loyalty coupons
! This code is not valid any more.
! You saved a little today!
! Only one code for each order.

# hotel | room bookings of a small hotel
room: number i, floor i, beds i, rate i, occupied b
guest: name s, nights i, deposit i, breakfast b
$ checkout hour = 11 | Latest hour to leave the room
$ city tax = 250 | Cents a night for each guest
$ late fee = 1500 | Cents for leaving after the checkout hour
! Welcome, your room is on the second floor.
! No vacancies this weekend.
! Breakfast is served until ten.

# budget | a household budget
expense: shop s, category s, cents i, month i, shared b
account: owner s, balance i, limit i, frozen b
$ savings share = 15 | Percent of the income that is put aside
$ warning level = 80 | Percent of a budget at which a warning is shown
$ months kept = 24 | Months of expenses that stay in the file
! You have spent more than planned this month.
! Nothing was spent on this category.
! The balance must not be negative.

# leases | rented flats and their tenants
flat: street s, rooms i, cold rent i, area n, vacant b
tenant: name s, flats rented i, deposit i, notice given b
$ notice months = 3 | Months between notice and moving out
$ deposit rents = 2 | Monthly rents that make up the deposit
$ index base = 100 | Where the rent index begins
! The deposit is due before the keys are handed over.
! Notice has been recorded.
! There is no vacant flat with that many rooms.
`;
