/** The codes a customer can use. `percent` of the articles, or `amount` cents off from `minimum` cents on. */
const codes = {
  WELCOME: { percent: 10 },
  SPRING: { percent: 15 },
  FIVER: { amount: 500, minimum: 2500 },
};

/** How many cents this code takes off. An unknown code, or none, takes off nothing. */
export function applyDiscount(cents, code) {
  const discount = codes[code];
  if (!discount) return 0;
  if (discount.percent) return Math.round((cents * discount.percent) / 100);
  return cents >= discount.minimum ? discount.amount : 0;
}
