import type { Form, Operands } from '../form.ts';
import { names } from './gitOptions.ts';

/** The option that says that nothing is done, in each way that it is written with others, before all the rest. */
function announced(command: string, bundles: string, form: Form): [string, Form][] {
  const first = [...names(bundles).map((letters) => `-${letters}`), '--dry-run'];
  return first.map((option) => [`${command} ${option}`, form]);
}

const paths: Operands = { rest: 'revision' };

/** What tells what would be changed, and changes nothing. `--no-dry-run` and the like are on none of the lists. */
export const dryRuns: Record<string, Form> = {
  ...Object.fromEntries([
    ...announced('add', 'n nA An nv vn nu un nf fn', {
      flags: 'nAufv',
      long: names(
        'all no-all ignore-removal no-ignore-removal update force verbose dry-run ignore-missing ignore-errors',
      ),
      operands: paths,
    }),
    ...announced('rm', 'n nr rn nf fn nrf rnf', {
      flags: 'nrfq',
      long: names('force dry-run cached quiet ignore-unmatch'),
      operands: paths,
    }),
    ...announced('mv', 'n nv vn nk nf fn', {
      flags: 'nvkf',
      long: names('force dry-run verbose'),
      operands: paths,
    }),
    ...announced('clean', 'n nd dn ndx ndX nx nX dnx dnX xdn xnd Xdn fdn nfd fnd ndf dfn fdxn nfdx fdnx ndfx', {
      flags: 'dfnqxX',
      long: names('force dry-run quiet'),
      values: { e: 'text', exclude: 'text' },
      operands: paths,
    }),
  ]),
  // Without one of these it changes files; that operands name what is removed is then known as well.
  clean: {
    flags: 'dfnqxX',
    long: names('force dry-run quiet'),
    values: { e: 'text', exclude: 'text' },
    needs: ['n', 'dry-run'],
    operands: 'write',
  },
  // With `--index` it brings back files that are missing, also where it only checks.
  apply: {
    flags: 'Rvz',
    long: names(`
      stat numstat summary check reverse verbose unidiff-zero recount cached ignore-space-change
      ignore-whitespace allow-empty inaccurate-eof no-add binary allow-binary-replacement`),
    values: { p: 'number', C: 'number', exclude: 'text', include: 'text', directory: 'write', whitespace: 'text' },
    needs: names('stat numstat summary check'),
    operands: 'read',
  },
  prune: { flags: 'nv', long: names('dry-run verbose progress no-progress'), needs: ['n', 'dry-run'] },
  'prune-packed': { flags: 'nq', long: names('dry-run quiet'), needs: ['n', 'dry-run'] },
  'worktree prune': { flags: 'nv', long: names('dry-run verbose'), needs: ['n', 'dry-run'] },
};
