import type { Message } from '../../src/common/transcript.ts';
import type { ToolSchema } from '../../src/node/tools/schema.ts';
import type { Contract } from './contract.ts';
import { type Domain, domains, domainsApart } from './domains/domains.ts';
import { Chat } from './play/chat.ts';
import { controlTokens } from './play/controlTokens.ts';
import { Unsuitable } from './play/unsuitable.ts';
import { type Prefix, prefixes } from './prefixes.ts';
import { Random } from './random.ts';
import { type Request, type RequestName, requests } from './requests/all.ts';
import { enrich } from './workspace/enrich.ts';
import { makeWorkspace } from './workspace/make.ts';

/** One line of the training data. */
export interface Dialogue {
  id: string;
  kind: RequestName;
  /** Which prefix: dialogues with the same number have the same system text and tools, byte for byte. */
  prefix: number;
  tools: ToolSchema[];
  messages: Message[];
  /** Of a domain that no other dialogue is about: never trained on. */
  validate: boolean;
}

/** Characters of all messages but the first. */
const most = 6000;
const mostLong = 9000;
const attempts = 60;
const validated = 0.03;

/** As many dialogues as wanted; the same for the same seed. */
export async function* generate(count: number, seed: number, contract: Contract): AsyncGenerator<Dialogue> {
  const heads = prefixes(contract, String(seed));
  for (let number = 0; number < count; number++) {
    yield await one(`${seed}-${String(number).padStart(5, '0')}`, heads, contract);
  }
}

async function one(id: string, heads: readonly Prefix[], contract: Contract): Promise<Dialogue> {
  const random = new Random(id);
  const validate = random.chance(validated);
  const request = chosen(random);
  const faults: string[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const domain = random.pick(validate ? domainsApart : domains);
    try {
      return await played({ id, seed: `${id}/${attempt}`, request, domain, validate, heads, contract });
    } catch (error) {
      if (!(error instanceof Unsuitable)) throw error;
      faults.push(error.message);
    }
  }
  throw new Error(`${id}: no workspace suited ${request.kind} (${request.play.name}):\n${faults.slice(-5).join('\n')}`);
}

function chosen(random: Random): Request {
  const weights = Object.fromEntries(requests.map(({ weight }, index) => [String(index), weight]));
  const request = requests[Number(random.weighted(weights))];
  if (request === undefined) throw new Error('no request');
  return request;
}

interface Part {
  id: string;
  seed: string;
  request: Request;
  domain: Domain;
  validate: boolean;
  heads: readonly Prefix[];
  contract: Contract;
}

async function played({ id, seed, request, domain, validate, heads, contract }: Part): Promise<Dialogue> {
  const random = new Random(seed);
  const workspace = makeWorkspace(domain, `${seed} workspace`);
  enrich(workspace, random);
  const agent =
    request.where === 'supervisor' || (request.looks === true && random.chance(0.12)) ? 'supervisor' : 'coding';
  const trusted = request.where !== 'untrusted';
  const chat = new Chat({
    name: workspace.name,
    files: workspace.files,
    framing: { system: contract.system, roles: new Map(Object.entries(contract.roles)), controlTokens },
    agent,
    mark: hexadecimal(random, 6),
    facts: factsLine(workspace.name, random),
    trusted,
    allowed: agent === 'coding' ? ['read', 'write', 'execute'] : ['read'],
  });
  try {
    await request.play({ workspace, chat, random, trusted });
    const [, ...rest] = chat.messages();
    const size = rest.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
    if (size > (request.long === true ? mostLong : most)) throw new Unsuitable(`${size} characters`);
    const prefix = fittingPrefix(heads, chat.called(), random);
    const head = heads[prefix];
    if (head === undefined) throw new Error('no prefix');
    return {
      id,
      kind: request.kind,
      prefix,
      tools: head.tools,
      messages: [{ role: 'system', content: head.system }, ...rest],
      validate,
    };
  } finally {
    chat.remove();
  }
}

/** Half of the time the product's own, else another one that has the tools that were called. */
function fittingPrefix(heads: readonly Prefix[], called: ReadonlySet<string>, random: Random): number {
  if (random.chance(0.5)) return 0;
  const fitting = heads.flatMap(({ tools }, index) => {
    const names = new Set(tools.map((tool) => tool.function.name));
    return index > 0 && [...called].every((name) => names.has(name)) ? [index] : [];
  });
  return fitting.length === 0 ? 0 : random.pick(fitting);
}

function hexadecimal(random: Random, length: number): string {
  return Array.from({ length }, () => random.int(0, 15).toString(16)).join('');
}

/** As the supervisor writes it: the folder's name, the platform and the day. */
function factsLine(name: string, random: Random): string {
  const platform = random.weighted({ Linux: 7, macOS: 2, Windows: 1 });
  const two = (value: number): string => String(value).padStart(2, '0');
  return `Workspace: ${name}. ${platform}, ${random.int(2025, 2027)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}.`;
}
