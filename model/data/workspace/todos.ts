import type { Domain } from '../domains/domains.ts';
import type { Random } from '../random.ts';

/** Comments about what is left to do. */
export function todoComments({ records, name }: Domain, random: Random): string[] {
  const { one, many, fields } = random.pick(records);
  const [field] = random.sample(fields, 1);
  const texts = [
    `handle an empty list of ${many}`,
    `what if the ${field?.words ?? 'value'} is missing?`,
    'write a test for this',
    `rename this once ${many} have ids`,
    'this is slow for long lists',
    `make the ${field?.words ?? 'value'} configurable`,
    'remove after the next release',
    `ask ${random.pick(['Robin', 'Noor', 'the team', 'Mika'])} whether this is still needed`,
    `support more than one ${one}`,
    `log a warning when a ${one} is skipped`,
    'translate these texts',
    `split ${name} into smaller parts`,
    'check the rounding',
    `cache the ${many}`,
  ];
  const mark = random.weighted({ 'TODO:': 10, TODO: 3, [`TODO(${random.pick(['kim', 'lee', 'max', 'ana'])}):`]: 3 });
  return random.sample(texts, random.int(1, 5)).map((text) => `${mark} ${text}`);
}
