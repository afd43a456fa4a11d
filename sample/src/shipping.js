const FREE_FROM = 5000;
const COST = 490;

/** What sending an order costs, in cents: nothing from 50.00 € on. */
export function shippingCost(cents) {
  if (cents === 0) return 0;
  return cents > FREE_FROM ? 0 : COST;
}
