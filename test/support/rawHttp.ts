import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer as it came over the wire. */
export interface RawReply {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Of a stream: nothing. */
  body: string;
}

/** Opens a connection, writes exactly this, and reads one answer. @throws Error when it is closed without one */
export async function exchange(port: number, text: string): Promise<RawReply> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text);
  return readReply(socket);
}

/** Reads one answer and lets the connection go. */
export function readReply(socket: Socket): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    let text = '';
    const look = (ended: boolean): void => {
      const reply = parsed(text, ended);
      if (reply === undefined && !ended) return;
      socket.destroy();
      if (reply) resolve(reply);
      else reject(new Error(`no answer: ${JSON.stringify(text)}`));
    };
    socket.on('data', (data) => {
      text += data.toString('latin1');
      look(false);
    });
    socket.on('end', () => look(true));
    socket.on('error', () => look(true));
  });
}

/** Undefined: it has not all come yet. */
function parsed(text: string, ended: boolean): RawReply | undefined {
  const [head = '', ...rest] = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  if (Number.isNaN(status) || rest.length === 0) return undefined;
  const lines = head.split('\r\n').slice(1);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  if (headers['content-type']?.startsWith('text/event-stream') === true) return { status, headers, body: '' };
  const length = headers['content-length'];
  const whole = length === undefined ? ended : Buffer.byteLength(body, 'latin1') >= Number(length);
  return whole || ended ? { status, headers, body: Buffer.from(body, 'latin1').toString('utf8') } : undefined;
}
