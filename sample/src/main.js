import { addToCart, createCart } from './cart.js';
import { receipt } from './receipt.js';

const cart = createCart();
addToCart(cart, 'pot');
addToCart(cart, 'mug', 2);
addToCart(cart, 'tea');
cart.code = 'WELCOME';

console.log(receipt(cart));
