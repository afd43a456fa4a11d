import { dropHidden } from './gate/hidden.ts';
import type { HandOff, LoggedEvent, ToolCall } from './events.ts';
import { breakTags } from './frameTags.ts';

/**
 * Events to messages: what the model is sent is derived from the event log and nothing else.
 *
 * Append-only: the messages of a prefix of the events, cut where a model call was made, are an element-wise prefix of
 * the messages of all events. So nothing the server has read is ever read again.
 */

export type Message =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string }
  | { role: 'assistant'; content: string; reasoning_content?: string; tool_calls?: WireCall[] }
  | { role: 'tool'; tool_call_id: string; content: string };

interface WireCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export interface Framing {
  /** The same for every chat and agent. */
  system: string;
  /** The text of each agent's role, where the events do not say it. */
  roles: ReadonlyMap<string, string>;
  /** Names of the tools that the model is offered, where not all are: of others nothing is said. */
  tools?: ReadonlySet<string>;
  /** Texts of the loaded model's control tokens; broken up wherever they stand in content. */
  controlTokens: readonly string[];
  /** Tags of its chat template that are plain text; broken up in what is neither the person's nor the model's own. */
  templateTags?: readonly string[];
}

/** Characters of the list of other agents, where it is not the first of a chat: with them a switch costs 150 tokens. */
const MOST_OTHERS = 165;

/** The messages of a chat. */
export function toMessages(events: readonly LoggedEvent[], framing: Framing): Message[] {
  const builder = new Builder(framing);
  for (const event of events) builder.add(event);
  return builder.finish();
}

class Builder {
  private readonly framing: Framing;
  private readonly messages: Message[];
  /** Parts of the user message being gathered: it is closed by the first answer to it. */
  private user: { text: string; agent: string | undefined; files: string[]; facts: string[] } | undefined;
  private notes: string[] = [];
  private mark = '';
  private facts = '';
  private agent = '';
  private readonly roles = new Map<string, LoggedEvent & { type: 'role' }>();
  /** The agents that the model was told of, with what each is for. */
  private readonly told = new Map<string, string>();

  constructor(framing: Framing) {
    this.framing = framing;
    this.messages = [{ role: 'system', content: framing.system }];
  }

  add(event: LoggedEvent): void {
    switch (event.type) {
      case 'chat':
        this.mark = event.mark;
        this.facts = event.facts;
        return;
      case 'user':
        this.addUser(event);
        return;
      case 'role':
        this.roles.set(event.agent, event);
        // It has changed since it was told, or is told for the first time.
        if (this.user && event.agent === this.agent) this.user.agent = event.agent;
        return;
      case 'assistant':
        this.addAssistant(event);
        return;
      case 'tool.end':
        this.addResult(event);
        return;
      case 'steered':
        this.tell(`The person says now: ${event.text}`);
        return;
      case 'interjected':
        this.tell(this.untrusted(event.text));
        return;
      case 'undo':
        if (event.done) this.notes.push(`The person undid your change of ${this.untrusted(event.path)}.`);
        return;
      case 'chat.edit':
      case 'trust':
      case 'turn.start':
      case 'turn.end':
      case 'turn.parked':
      case 'turn.resumed':
      case 'tool.start':
      case 'child':
      case 'ask':
      case 'answer':
      case 'inbox.put':
      case 'inbox.change':
      case 'inbox.withdraw':
      case 'interjection':
      case 'interjection.answer':
      case 'error':
        return;
      default:
        event satisfies never;
    }
  }

  finish(): Message[] {
    this.closeUser();
    return this.messages;
  }

  private addUser(event: LoggedEvent & { type: 'user' }): void {
    this.closeUser();
    const changed = event.agent !== this.agent;
    const facts = changed && this.agent === '' && this.facts !== '' ? [this.untrusted(this.facts)] : [];
    this.agent = event.agent;
    facts.push(...this.contextOf(event.context), ...this.takeNotes());
    // What its role is may be said by the events behind this one.
    this.user = { text: event.text, agent: changed ? event.agent : undefined, files: [], facts };
  }

  private addAssistant(event: LoggedEvent & { type: 'assistant' }): void {
    this.closeUser();
    const content = event.text === '' && event.calls.length === 0 ? emptyAnswer(event.finish) : event.text;
    this.messages.push({
      role: 'assistant',
      content: this.clean(content),
      ...(event.reasoning === undefined ? {} : { reasoning_content: this.clean(event.reasoning) }),
      ...(event.calls.length === 0 ? {} : { tool_calls: event.calls.map((call) => this.wire(call)) }),
    });
  }

  private addResult(event: LoggedEvent & { type: 'tool.end' }): void {
    if (event.origin === 'mention') {
      const name = event.title?.object ?? '';
      const file = `<file ${this.mark} ${this.untrusted(name)}>\n${this.untrusted(event.text)}\n</file ${this.mark}>`;
      // Without a message being gathered it belongs to what the person said during the turn.
      if (this.user) this.user.files.push(file);
      else this.append(file);
      return;
    }
    this.messages.push({ role: 'tool', tool_call_id: event.call, content: this.untrusted(event.text) });
    if (event.handOff) this.append(this.frame(this.handedOver(event.handOff)));
    for (const note of this.takeNotes()) this.append(this.frame(note));
  }

  private handedOver({ agent, context }: HandOff): string {
    this.agent = agent;
    return [this.roleOf(agent), ...this.contextOf(context)].join('\n');
  }

  private roleOf(agent: string): string {
    const said = this.roles.get(agent);
    const text = said?.text ?? this.framing.roles.get(agent) ?? `You are the ${agent} agent.`;
    const offered = (tool: string): boolean => this.framing.tools?.has(tool) !== false;
    if (said === undefined || said.handoffs.length === 0 || !offered('hand_off')) return text;
    const parts = said.delegates === true && offered('delegate');
    return [
      text,
      ...this.othersOf(said),
      ...(parts ? ['Parts of a large task that do not need one another: delegate them.'] : []),
    ].join('\n');
  }

  /**
   * To whom a role may hand over. The first message says what each of them is for. Later ones name those who were told
   * of before as such, and of many the names alone, so that a switch costs the same however many agents there are.
   */
  private othersOf({ agent, handoffs }: LoggedEvent & { type: 'role' }): string[] {
    const known = handoffs.filter(({ name, description }) => this.told.get(name) === description);
    const all = known.length > 0 && known.length === [...this.told.keys()].filter((name) => name !== agent).length;
    const described = all ? handoffs.filter((other) => !known.includes(other)) : handoffs;
    const lines = described.map(({ name, description }) => `- ${name}: ${description}`);
    const suits = 'Where another agent suits better, hand_off to';
    if (this.messages.length > 1 && lines.join('\n').length > MOST_OTHERS) {
      return [`${suits}:`, namesOf(handoffs.map(({ name }) => name))];
    }
    for (const { name, description } of described) this.told.set(name, description);
    if (lines.length === 0) return [`${suits} those named before.`];
    return [`${suits}${all ? ' those named before, and to' : ''}:`, ...lines];
  }

  /** Puts a framed text where the next model call reads it: in the open message, behind a result, or in its own. */
  private tell(text: string): void {
    if (this.user) {
      this.user.facts.push(text);
      return;
    }
    if (this.append(this.frame(text))) return;
    const last = this.messages.at(-1);
    if (last?.role === 'assistant') this.messages.push({ role: 'user', content: this.frame(text) });
    // What is told together stands in one message, because some templates demand that the roles alternate.
    else if (last?.role === 'user') last.content += `\n${this.frame(text)}`;
  }

  /** Puts a framed text behind the closing mark of the last, unsent result. @returns false where there is none. */
  private append(framed: string): boolean {
    const last = this.messages.at(-1);
    if (last?.role !== 'tool') return false;
    const result = last.content.startsWith(`<result ${this.mark}>`)
      ? last.content
      : `<result ${this.mark}>\n${last.content}\n</result ${this.mark}>`;
    last.content = `${result}\n${framed}`;
    return true;
  }

  private closeUser(): void {
    if (!this.user) return;
    const { text, agent, files, facts } = this.user;
    const role = agent === undefined ? [] : [this.roleOf(agent)];
    // A turn may have ended without an answer, and some templates demand that the roles alternate.
    const last = this.messages.at(-1)?.role;
    if (last === 'user' || last === 'tool') this.messages.push({ role: 'assistant', content: emptyAnswer('stop') });
    // What chats have in common comes first, so that a new one need not read it again.
    const parts = [...this.framed(role), ...files, ...this.framed(facts), this.clean(text)];
    this.messages.push({ role: 'user', content: parts.join('\n') });
    this.user = undefined;
  }

  private takeNotes(): string[] {
    const notes = this.notes;
    this.notes = [];
    return notes;
  }

  private framed(texts: string[]): string[] {
    return texts.length === 0 ? [] : [this.frame(texts.join('\n'))];
  }

  private frame(text: string): string {
    return `<drover ${this.mark}>\n${this.clean(text)}\n</drover ${this.mark}>`;
  }

  private wire(call: ToolCall): WireCall {
    return {
      id: call.id,
      type: 'function',
      function: { name: this.clean(call.name), arguments: this.clean(validJson(call.arguments)) },
    };
  }

  /** What an editor or another agent says besides: it may hold what stands in files. */
  private contextOf(context: Record<string, unknown> | undefined): string[] {
    if (context === undefined || Object.keys(context).length === 0) return [];
    return [this.untrusted(`Context: ${JSON.stringify(context)}`)];
  }

  /**
   * What neither the person nor the model has written. A template may put it between tags of plain text, so it has none of them;
   * the model's control tokens are left to `clean`.
   */
  private untrusted(text: string): string {
    const { controlTokens, templateTags } = this.framing;
    return this.clean(breakTags(dropHidden(text.toWellFormed()), templateTags, controlTokens));
  }

  /** What comes from files, results and people can neither close a frame nor form a control token, and hides nothing. */
  private clean(text: string): string {
    const unmarked = this.mark === '' ? text : text.replaceAll(this.mark, '······');
    return breakControlTokens(dropHidden(unmarked.toWellFormed()), this.framing.controlTokens);
  }
}

/** As many names as there is room for; a hand-over to any other name is answered with all. */
function namesOf(names: readonly string[]): string {
  const shown = names.filter((_, at) => names.slice(0, at + 1).join(', ').length <= MOST_OTHERS);
  const more = names.length - shown.length;
  return `- ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Some templates demand that user and assistant alternate: a turn without an answer still gets one. */
function emptyAnswer(finish: (LoggedEvent & { type: 'assistant' })['finish']): string {
  if (finish === 'cancelled') return '[stopped by the person]';
  return finish === 'failed' ? '[no answer: the model server failed]' : '[no answer]';
}

/**
 * Arguments that a server takes back: one that is no JSON object, or has half a surrogate pair in it, is refused for
 * ever. The first is sent as a text in an object, the second without the half.
 */
function validJson(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return /\\u[dD][89a-fA-F]/.test(text) ? JSON.stringify(JSON.parse(text, wellFormed)) : text;
    }
  } catch {
    // Falls through to the same repair as a value of the wrong kind.
  }
  return JSON.stringify({ invalid: text });
}

function wellFormed(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/**
 * Breaks each control token by a blank after its first character, so that the tokenizer reads it as text.
 * (llama-server turns `<|im_end|>` in content into the real token; measured.)
 */
export function breakControlTokens(text: string, tokens: readonly string[]): string {
  let result = text;
  for (const token of tokens) {
    if (token.length < 2 || !result.includes(token)) continue;
    result = result.replaceAll(token, `${token.charAt(0)} ${token.slice(1)}`);
  }
  return result;
}
