import { expect, it } from 'vitest';
import { queryOf } from '../../../../server/history/query.ts';

it.each([
  ['cart', 'cart*'],
  ['cart total', 'cart* total*'],
  ['"cart total" price', '"cart total" price*'],
  ['src/cart.ts', 'src* cart* ts*'],
  ['AND OR NOT NEAR', 'and* or* not* near*'],
  ['"unfinished', 'unfinished*'],
  ['größe', 'größe*'],
  ['* ( ) : ^ -', ''],
  ['""', ''],
  ['  ', ''],
])('%s is looked for as %s', (text, query) => expect(queryOf(text)).toBe(query));
