import type { Client } from 'aedes';
import type { Connection } from './connection.ts';
import type { BrokerLimits } from './handler.ts';
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
  who: Pick<Connection<Identity>, 'id' | 'clientId' | 'identity' | 'heardAt' | 'silence'>,
  { queueBytes, packetBytes }: Pick<BrokerLimits, 'queueBytes' | 'packetBytes'>,
): OpenConnection<Identity> {
  let reason = '';
  let corked = false;
  let unacknowledged = 0;
  let fresh = 0;
  const queued = () => stream.writableLength + below() + unacknowledged;

  // What was sent in this turn of the event loop says nothing of how the client reads: the network has not had a chance to
  // take it. So it counts only for what is held at most, which a message of any size that may be sent has room in.
  const hasRoom = (bytes: number) => {
    const waiting = queued();
    return waiting - fresh < queueBytes && waiting + bytes <= queueBytes + packetBytes;
  };
  const count = (bytes: number) => {
    // Two turns: what was written is only told to be taken in the one after it.
    if (fresh === 0) setImmediate(() => setImmediate(() => (fresh = 0)));
    fresh += bytes;
  };

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
      if (!client.connected || stream.destroyed || !hasRoom(payload.length)) return false;
      count(payload.length);
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
