export interface Reply {
  status: number;
  /** Media type, without parameters. */
  type: string;
  /** Where it sends callers on to. */
  location: string | undefined;
  text: string;
  /** The body where it is JSON. */
  json: unknown;
}

export interface Question {
  signal: AbortSignal;
  /** Milliseconds until it counts as unanswered. */
  limit: number;
  key?: string | undefined;
  /** Sent as JSON; makes it a POST. */
  body?: unknown;
  /** What the body of a success says is of no interest: it is not waited for. */
  statusOnly?: boolean;
}

/**
 * One request on a connection of its own, as with everything that is sent to an engine. Where it is sent on to another address,
 * that is the reply: nobody has named that address, and what is sent is the person's.
 * @throws whatever fetch throws when there is no answer
 */
export async function ask(url: string, { signal, limit, key, body, statusOnly }: Question): Promise<Reply> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    redirect: 'manual',
    headers: {
      connection: 'close',
      ...(key === undefined || key === '' ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(limit)]),
  });
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const location = response.headers.get('location') ?? undefined;
  if (response.ok && statusOnly === true) {
    await response.body?.cancel();
    return { status: response.status, type, location, text: '', json: undefined };
  }
  const text = await response.text();
  return { status: response.status, type, location, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a request got no answer: "ECONNREFUSED", "timeout", or what the platform says. */
export function whyUnanswered(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'timeout';
  const cause: unknown = error.cause;
  const code = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : undefined;
  return code ?? error.message;
}
