import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A chat request that went through: its body, and the last chunk with `timings` of its answer. */
export interface Recorded {
  body: { messages: unknown[]; tools?: unknown[] };
  timings: { cache_n: number; prompt_n: number } | undefined;
}

export interface Recorder {
  url: string;
  chats: Recorded[];
  close(): Promise<void>;
}

/** Stands between Drover and a real model server, passes everything on as it is, and keeps the chats. */
export async function startRecorder(target: string): Promise<Recorder> {
  const chats: Recorded[] = [];
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const body = Buffer.concat(parts);
      const chat = incoming.url?.endsWith('/chat/completions') === true;
      const kept: Recorded | undefined = chat
        ? { body: JSON.parse(body.toString('utf8')), timings: undefined }
        : undefined;
      if (kept) chats.push(kept);
      const { method, headers } = incoming;
      const onward = httpRequest(new URL(incoming.url ?? '/', target), { method, headers, agent: false }, (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        let text = '';
        reply.on('data', (data: Buffer) => (text += data.toString('latin1')));
        reply.on('end', () => {
          const last = /.*"timings":(\{[^}]*\})/s.exec(text)?.[1];
          if (kept && last !== undefined) kept.timings = JSON.parse(last);
        });
        reply.pipe(outgoing);
      });
      // Either side may go away in the middle; then so does the other.
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    chats,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
