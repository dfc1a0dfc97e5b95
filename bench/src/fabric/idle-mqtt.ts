import { connect, type Socket } from 'node:net';

/** MQTT connections on which nothing happens. */
export interface IdleConnections {
  close(): void;
}

const AT_ONCE = 50;

function field(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** The remaining length of a packet (MQTT 3.1.1, section 2.2.3). */
function lengthOf(size: number): Buffer {
  const bytes: number[] = [];
  for (let left = size; ; ) {
    const low = left % 128;
    left = Math.floor(left / 128);
    bytes.push(left > 0 ? low | 0x80 : low);
    if (left === 0) return Buffer.from(bytes);
  }
}

/** A CONNECT packet (MQTT 3.1.1, section 3.1): clean session, no keep-alive. */
function connectPacket(client: string, user: string, password: string): Buffer {
  const variable = Buffer.concat([field('MQTT'), Buffer.from([4, 0b1100_0010, 0, 0])]);
  const body = Buffer.concat([variable, field(client), field(user), field(password)]);
  return Buffer.concat([Buffer.from([0x10]), lengthOf(body.length), body]);
}

function open(port: number, packet: Buffer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(packet));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the MQTT gateway closed the connection')));
    socket.once('data', (answer) => {
      if (answer[3] === 0) resolve(socket);
      else reject(new Error(`the MQTT gateway refused the connection with ${answer[3]}`));
    });
  });
}

/** Opens connections that are authenticated and then do nothing. */
export async function openIdleMqtt(
  port: number,
  user: string,
  password: string,
  count: number,
): Promise<IdleConnections> {
  const sockets: Socket[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) =>
      open(port, connectPacket(`idle-${from + index}`, user, password)),
    );
    sockets.push(...(await Promise.all(some)));
  }
  return {
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
