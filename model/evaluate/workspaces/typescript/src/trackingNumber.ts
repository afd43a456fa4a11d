import { carrierOf } from './carriers/index.ts';

/** Digits behind the prefix, the check digit included. */
export const NUMBER_LENGTH = 9;
const WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7];

/** A tracking number taken apart. */
export interface TrackingNumber {
  prefix: string;
  digits: string;
  carrier: string;
}

/** Reads a tracking number such as "wp 1234 5678 5"; blanks, dashes and case do not matter. Throws when it is wrong. */
export function parseTrackingNumber(text: string): TrackingNumber {
  const plain = text.replace(/[\s-]/g, '').toUpperCase();
  const match = /^([A-Z]{2})(\d+)$/.exec(plain);
  if (!match) throw new Error(`Not a tracking number: ${text}`);
  const [, prefix = '', digits = ''] = match;
  if (digits.length !== NUMBER_LENGTH) throw new Error(`A tracking number has ${NUMBER_LENGTH} digits`);
  if (checkDigit(digits.slice(0, -1)) !== Number(digits.at(-1))) throw new Error('The check digit is wrong');
  const carrier = carrierOf(prefix);
  if (carrier === undefined) throw new Error(`No carrier uses ${prefix}`);
  return { prefix, digits, carrier: carrier.name };
}

/** The check digit of eight digits, as postal services compute it: weights, modulo 11. */
export function checkDigit(digits: string): number {
  const sum = [...digits].reduce((total, digit, place) => total + Number(digit) * (WEIGHTS[place] ?? 0), 0);
  const rest = 11 - (sum % 11);
  if (rest === 10) return 0;
  return rest === 11 ? 5 : rest;
}

/** Writes a number in groups that are easy to read out: "WP 1234 5678 5". */
export function formatTrackingNumber({ prefix, digits }: TrackingNumber): string {
  return `${prefix} ${digits.slice(0, 4)} ${digits.slice(4, 8)} ${digits.slice(8)}`;
}
