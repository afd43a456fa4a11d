import { APIConnectionError, APIError } from 'openai';
import type { Endpoint } from '../../src/common/engine.ts';
import { Problem } from '../../src/common/errors.ts';

/** What can go wrong with a model call, as sentences for a person. */

/** Nothing came for longer than a server that works would take. */
export function silent(): Problem {
  return new Problem(
    'engine_silent',
    'The model server stopped answering: nothing came for a long time although the connection stood.',
    'Restart the engine, then send a message to go on.',
  );
}

/** An error of the client library as something a person can act on. */
export function explain(error: unknown, endpoint: Endpoint): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof APIConnectionError || error instanceof TypeError) return lost(endpoint, error);
  if (!(error instanceof APIError)) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return lost(endpoint, error);
    const message = error instanceof Error ? error.message : String(error);
    return new Problem(
      'engine_garbled',
      `The model server's answer could not be understood: ${message}.`,
      'Try again; if it stays, look at the log of the engine.',
    );
  }
  const detail = error.error as { n_prompt_tokens?: number; n_ctx?: number } | undefined;
  if (error.type === 'exceed_context_size_error' || /context (size|length)|maximum context/i.test(error.message)) {
    return tooLong(detail, endpoint);
  }
  if (error.status === 401 || error.status === 403) {
    return new Problem(
      'engine_key',
      `The model server at ${endpoint.url} refused the key.`,
      'Set the right key for it.',
    );
  }
  if (error.status === 404) {
    return new Problem(
      'engine_model',
      `The model server does not know the model ${endpoint.model}: ${error.message}`,
      'Choose a model that it has.',
    );
  }
  return new Problem(
    'engine_error',
    `The model server reported: ${error.message}`,
    'Try again; if it stays, look at the log of the engine.',
  );
}

/** The stream ended without its end. */
export function brokenOff(endpoint: Endpoint): Problem {
  return lost(endpoint, new Error('the answer broke off'));
}

function lost(endpoint: Endpoint, error: unknown): Problem {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Problem(
    'engine_lost',
    `The connection to the model server at ${new URL(endpoint.url).host} broke (${why}).`,
    'Send a message to go on; the server is started again, or asked again, by then.',
  );
}

function tooLong(detail: { n_prompt_tokens?: number; n_ctx?: number } | undefined, endpoint: Endpoint): Problem {
  const holds = detail?.n_ctx ?? endpoint.capabilities.context;
  const needs = detail?.n_prompt_tokens;
  const figures = `${needs === undefined ? 'more tokens' : `${needs.toLocaleString('en')} tokens`}, and a slot holds ${holds?.toLocaleString('en') ?? 'fewer'}`;
  return new Problem(
    'prompt_too_long',
    `This chat has grown too long for the model: it needs ${figures}.`,
    'Begin a new chat, mention less of a file (@path:10-80), or give the slots more context in the settings.',
  );
}
