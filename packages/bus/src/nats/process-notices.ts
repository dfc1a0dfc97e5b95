import type { Json } from '@counterpoint/core';
import type { ProcessNotices } from '@counterpoint/events';
import type { Msg } from '@nats-io/transport-node';
import type { NatsLink } from './connect.ts';

/** How often each process says that it is there, in milliseconds. */
const BEAT = 1_000;
/** After how long a process that says nothing may be gone, in milliseconds. */
const SILENT = 2_500;
/** For how long after somebody may be gone, or the connection came back, nothing is relied on, in milliseconds. */
const UNSURE = 15_000;
/** Most bytes of one message; what is told in the same moment goes together. */
const LARGEST = 256 * 1024;

interface Told {
  readonly from: string;
  readonly items: readonly Json[];
}

/** How {@link createNatsProcessNotices} works. */
export interface NatsProcessNoticesOptions {
  /** Names this process among those of the installation. */
  readonly process: string;
  /** For how long after somebody may be gone, or the connection came back, nothing is relied on, in milliseconds. Default 15 s. */
  readonly unsure?: number;
}

/** What {@link createNatsProcessNotices} gives: the notices, and the way to stop, which tells the others. */
export interface NatsProcessNotices extends ProcessNotices {
  stop(): Promise<void>;
}

/**
 * Notices over plain NATS subjects, `<prefix>.notice.<about>`; what is told in the same moment is one message. Each process says once
 * a second that it is there (`<prefix>.alive`), so that the others notice within three seconds when it is not.
 */
export function createNatsProcessNotices(link: NatsLink, options: NatsProcessNoticesOptions): NatsProcessNotices {
  const { connection, prefix } = link;
  const { process } = options;
  const subjectOf = (about: string): string => `${prefix}.notice.${about}`;
  const presence = watchPresence(link, options);
  let waiting = new Map<string, Json[]>();

  const flush = (): void => {
    const told = waiting;
    waiting = new Map();
    if (connection.isClosed()) return;
    for (const [about, items] of told) {
      for (const some of inPieces(items)) {
        connection.publish(subjectOf(about), JSON.stringify({ from: process, items: some } satisfies Told));
      }
    }
  };

  return {
    tell(about, data) {
      // What cannot be sent now would come when it no longer matters.
      if (!link.up()) return;
      if (waiting.size === 0) setImmediate(flush);
      const items = waiting.get(about);
      if (items) items.push(data);
      else waiting.set(about, [data]);
    },
    hear(about, listener) {
      const subscription = connection.subscribe(subjectOf(about), {
        callback(error, message) {
          const told = error ? undefined : toldOf(message);
          if (told && told.from !== process) for (const item of told.items) listener(item);
        },
      });
      return () => {
        if (!connection.isClosed()) subscription.unsubscribe();
      };
    },
    get calm() {
      return presence.calm();
    },
    async stop() {
      flush();
      await presence.stop();
    },
  };
}

/** Cuts what is told into messages that are not too large; what is too large alone is left out. */
function* inPieces(items: readonly Json[]): Generator<readonly Json[]> {
  let piece: Json[] = [];
  let size = 0;
  for (const item of items) {
    const length = JSON.stringify(item).length;
    if (length > LARGEST) continue;
    if (size + length > LARGEST) {
      yield piece;
      piece = [];
      size = 0;
    }
    piece.push(item);
    size += length;
  }
  if (piece.length > 0) yield piece;
}

function toldOf(message: Msg): Told | undefined {
  try {
    const { from, items } = message.json<Partial<Told>>();
    return typeof from === 'string' && Array.isArray(items) ? { from, items } : undefined;
  } catch {
    return undefined;
  }
}

interface Presence {
  calm(): boolean;
  stop(): Promise<void>;
}

function watchPresence(link: NatsLink, { process, unsure: length = UNSURE }: NatsProcessNoticesOptions): Presence {
  const { connection, prefix } = link;
  const subject = `${prefix}.alive`;
  /** When each of the others was last heard, on the clock that does not jump. */
  const heard = new Map<string, number>();
  let unsureUntil = performance.now() + length;
  const unsure = (): void => {
    unsureUntil = performance.now() + length;
  };
  const subscription = connection.subscribe(subject, {
    callback(error, message) {
      const [from = '', how] = error ? [] : message.string().split(' ');
      if (from === '' || from === process) return;
      if (how === 'gone') {
        heard.delete(from);
        unsure();
      } else heard.set(from, performance.now());
    },
  });
  const look = (): void => {
    const now = performance.now();
    if (!link.up()) {
      unsure();
      // Nobody can be heard: that says nothing about them.
      heard.clear();
    }
    for (const [other, at] of heard) {
      if (now - at <= SILENT) continue;
      heard.delete(other);
      unsure();
    }
  };
  const beat = setInterval(() => {
    if (link.up()) connection.publish(subject, process);
    look();
  }, BEAT);
  if (link.up()) connection.publish(subject, process);
  return {
    calm() {
      look();
      return performance.now() >= unsureUntil;
    },
    async stop() {
      clearInterval(beat);
      if (connection.isClosed()) return;
      if (link.up()) {
        connection.publish(subject, `${process} gone`);
        await connection.flush().catch(() => undefined);
      }
      subscription.unsubscribe();
    },
  };
}
