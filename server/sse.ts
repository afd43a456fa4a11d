/** Milliseconds between comments that keep proxies and clients from giving up. */
const PING = 15_000;

/** Bytes of events that may wait for a slow reader before it is let go; it can resume with Last-Event-ID. */
const BACKLOG = 16 * 1024 * 1024;

/** Writes one event; `last` ends the stream after it. */
export type Write = (message: { id?: string; data: unknown; last?: boolean }) => void;

/**
 * A reply of server-sent events.
 * @param open subscribes, and returns what ends the subscription. `end` ends the stream when there is nothing more to
 * come.
 */
export function eventStream(open: (write: Write, end: () => void) => () => void): Response {
  const encoder = new TextEncoder();
  let leave: (() => void) | undefined;
  let ping: NodeJS.Timeout | undefined;
  let closed = false;
  const stop = (): void => {
    closed = true;
    clearInterval(ping);
    leave?.();
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = (): void => {
          if (closed) return;
          stop();
          controller.close();
        };
        const send = (text: string): void => {
          if (closed) return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) < 0) end();
        };
        const write: Write = ({ id, data, last }) => {
          send(`${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
          if (last === true) end();
        };
        ping = setInterval(() => send(': ping\n\n'), PING);
        const undo = open(write, end);
        // The last event may have come while subscribing.
        if (closed) undo();
        else leave = undo;
      },
      cancel: stop,
    },
    { highWaterMark: BACKLOG, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
  });
}
