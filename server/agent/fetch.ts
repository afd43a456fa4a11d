import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';

/**
 * `fetch` for model servers: one connection a request (`connection: close`) and no time-out of any kind. A slow
 * prefill is not an error and must not be sent twice, and a reused socket gave "socket hang up" (measured); Node's own
 * fetch pools connections and gives up on headers after 300 s.
 */
export async function patientFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  const headers = new Headers(init.headers);
  headers.set('connection', 'close');
  // The client library sends JSON texts and nothing else.
  const body = typeof init.body === 'string' ? init.body : undefined;
  if (body !== undefined) headers.set('content-length', String(Buffer.byteLength(body)));
  const options: RequestOptions = {
    method: init.method ?? 'GET',
    headers: Object.fromEntries(headers),
    agent: false,
    ...(init.signal ? { signal: init.signal } : {}),
  };
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, options, (message) => {
      const status = message.statusCode ?? 500;
      const empty = status === 204 || status === 304;
      const stream = empty ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>);
      const pairs = Object.entries(message.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      );
      resolve(new Response(stream, { status, headers: pairs }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
