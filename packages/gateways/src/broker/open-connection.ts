import type { Client } from 'aedes';
import type { Connection } from './connection.ts';
import type { Opened } from './listener.ts';
import { publishFrame } from './publish-frame.ts';

/** A connection, as the broker that keeps it sees it. */
export interface OpenConnection<Identity> extends Connection<Identity> {
  readonly filters: Map<string, 0 | 1 | 2>;
  /** Why it is about to be closed; empty: the client went by itself. */
  readonly reason: string;
}

/** Makes a connection of an MQTT client that was admitted. */
export function openConnection<Identity>(
  client: Client,
  { stream, address, below }: Opened,
  who: { readonly id: string; readonly clientId: string; readonly identity: Identity },
  queueBytes: number,
): OpenConnection<Identity> {
  let reason = '';
  let corked = false;
  let unacknowledged = 0;
  const queued = () => stream.writableLength + below() + unacknowledged;

  // What is sent within one turn of the event loop goes out in one write.
  const write = (frame: Buffer) => {
    if (!corked) {
      corked = true;
      stream.cork();
      process.nextTick(() => {
        corked = false;
        stream.uncork();
      });
    }
    stream.write(frame);
  };

  return {
    ...who,
    address,
    filters: new Map(),
    queued,
    get reason() {
      return reason;
    },
    send({ topic, payload, qos = 0 }) {
      if (!client.connected || stream.destroyed || queued() + payload.length > queueBytes) return false;
      if (qos === 0) {
        write(publishFrame(topic, payload));
        return true;
      }
      unacknowledged += payload.length;
      client.publish({ cmd: 'publish', topic, payload, qos, retain: false, dup: false }, () => {
        unacknowledged -= payload.length;
      });
      return true;
    },
    close(why) {
      reason ||= why;
      client.close();
    },
  };
}
