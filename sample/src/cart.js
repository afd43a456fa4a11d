import { findArticle } from './catalogue.js';
import { applyDiscount } from './discounts.js';
import { shippingCost } from './shipping.js';

/** An empty cart. */
export function createCart() {
  return { lines: [], code: undefined };
}

/** Puts an article into the cart; one that is already there only counts up. */
export function addToCart(cart, number, quantity = 1) {
  if (!Number.isInteger(quantity) || quantity < 1) throw new Error(`Not a quantity: ${quantity}`);
  const article = findArticle(number);
  const line = cart.lines.find((each) => each.number === number);
  if (line) line.quantity += quantity;
  else cart.lines.push({ number, name: article.name, price: article.price, quantity });
  return cart;
}

/** What the articles cost, before discount and shipping. */
export function subtotal(cart) {
  return cart.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
}

/** All amounts of an order, in cents. */
export function totals(cart) {
  const articles = subtotal(cart);
  const discount = applyDiscount(articles, cart.code);
  const shipping = shippingCost(articles - discount);
  return { articles, discount, shipping, total: articles - discount + shipping };
}
