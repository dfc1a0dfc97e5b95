import type { EventEnvelope, LoggedEvent, OutboxRow, Reader, StartOfReading } from '@counterpoint/events';

/** Rows that are read at a time. */
const PAGE = 500;

/** Events of one look around a moment: those that are near each other in time may stand in another order in the log. */
const NEARBY = 200;

/** The events of some topics behind a position, and how far that look went; a bounded piece of work. */
export interface Reading {
  readonly events: readonly LoggedEvent[];
  readonly upTo: number;
}

/** Reads the next events behind `after`. @param end nothing is retained behind it */
export async function readNext(
  reader: Reader,
  wanted: (topic: string) => boolean,
  after: number,
  end: number,
): Promise<Reading> {
  const rows: readonly OutboxRow[] = await reader.find('outbox', {
    where: { position: { gt: after } },
    orderBy: [{ column: 'position' }],
    limit: PAGE,
  });
  const last = rows.length === PAGE ? rows.at(-1)?.position : undefined;
  return { events: rows.filter(({ topic }) => wanted(topic)).map(loggedOf), upTo: last ?? Math.max(end, after) };
}

function loggedOf({ position, envelope }: OutboxRow): LoggedEvent {
  return { position: position ?? 0, event: envelope as unknown as EventEnvelope };
}

/** First and last retained position; both 0 when there is none. */
export async function boundsOf(reader: Reader): Promise<{ readonly first: number; readonly last: number }> {
  const end = async (descending: boolean) => {
    const orderBy = [{ column: 'position', descending }] as const;
    const [row] = await reader.find('outbox', { where: { position: { gt: 0 } }, orderBy, limit: 1 });
    return row?.position ?? 0;
  };
  return { first: await end(false), last: await end(true) };
}

/** The position behind which reading begins. @param last the end of the log, for `new` */
export async function positionOf(reader: Reader, start: StartOfReading, last: number): Promise<number> {
  if (start === 'first') return 0;
  if (start === 'new') return last;
  if ('after' in start) {
    // A place that the log has not reached, as after a restore, would hear nothing for as long as that takes.
    return start.after <= last ? start.after : Math.min(start.after, Math.max(last, (await boundsOf(reader)).last));
  }
  const where = { state: 'delivered', next_at: { gte: start.since } } as const;
  const rows = await reader.find('outbox', { where, orderBy: [{ column: 'next_at' }], limit: NEARBY });
  const positions = rows.flatMap(({ position }) => (position === null ? [] : [position]));
  return positions.length === 0 ? last : Math.min(...positions) - 1;
}
