import type { Tool } from '../../common/tool.ts';
import { bash } from './bash.ts';
import { delegate } from './delegate.ts';
import { fileEdit } from './fileEdit.ts';
import { fileRead } from './fileRead.ts';
import { fileWrite } from './fileWrite.ts';
import { glob } from './glob.ts';
import { grep } from './grep.ts';
import { handOff } from './handOff.ts';
import { use } from './use.ts';

/** Every tool there is, in the order in which models see them; the order is part of the prompt and never changes. */
export const tools: readonly Tool[] = [fileRead, fileWrite, fileEdit, glob, grep, bash, handOff, delegate, use];

/** What a small model is taught. It is offered no others, so that it need not be taught anew with each. */
export const firstTools: readonly Tool[] = [fileRead, fileWrite, fileEdit, glob, grep, bash];
