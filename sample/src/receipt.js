import { totals } from './cart.js';
import { formatMoney } from './money.js';

const WIDTH = 40;

/** The receipt of an order, as lines of text. */
export function receipt(cart) {
  const { articles, discount, shipping, total } = totals(cart);
  return [
    ...cart.lines.map((line) => row(`${line.quantity} x ${line.name}`, line.price * line.quantity)),
    '-'.repeat(WIDTH),
    row('Articles', articles),
    ...(discount > 0 ? [row(`Discount ${cart.code}`, -discount)] : []),
    row('Shipping', shipping),
    row('Total', total),
    'Thank you for your order!',
  ].join('\n');
}

function row(text, cents) {
  const amount = formatMoney(cents);
  return text.padEnd(WIDTH - amount.length) + amount;
}
