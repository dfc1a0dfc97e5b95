import type { World } from '../driver/world.ts';
import { readDurableLog } from '../durable-log.ts';
import type { OracleCall } from '../oracle/call.ts';
import type { Taken } from '../subject/owners.ts';
import { type Violation, violation } from './violation.ts';

/** How long a request may be on its way to the oracle, in milliseconds. */
const ON_ITS_WAY = 50;

/** Whoever sends for a run owns it at that moment: a process that stood still must not send what others took over. */
export function checkSenders({ callsFile, ownersFile }: Pick<World, 'callsFile' | 'ownersFile'>): Violation[] {
  const taken = Map.groupBy(readDurableLog<Taken>(ownersFile), ({ run }) => run);
  return readDurableLog<OracleCall>(callsFile).flatMap((call) => {
    if (call.run === '') return [];
    const before = (taken.get(call.run) ?? []).filter(
      ({ at, worker }) => worker === call.worker || at < call.at - ON_ITS_WAY,
    );
    const owner = before.reduce<Taken | undefined>(
      (last, one) => (last && last.epoch > one.epoch ? last : one),
      undefined,
    );
    if (!owner || owner.worker === call.worker) return [];
    return [
      violation('zombie', `${call.worker} sent for the run ${call.run}, which ${owner.worker} owned`, call, owner),
    ];
  });
}

/** The runs that others took over from a process between two moments (Unix milliseconds). */
export function takenBetween(
  { ownersFile }: Pick<World, 'ownersFile'>,
  worker: string,
  from: number,
  to: number,
): ReadonlySet<string> {
  const taken = Map.groupBy(readDurableLog<Taken>(ownersFile), ({ run }) => run);
  const lost = [...taken].filter(
    ([, lines]) =>
      lines.findLast(({ at }) => at <= from)?.worker === worker &&
      lines.some((line) => line.worker !== worker && line.at > from && line.at <= to),
  );
  return new Set(lost.map(([run]) => run));
}

/** How long after a moment the last run that a dead process had owned was taken over, in milliseconds; undefined: it owned none. */
export function takeoverTime(
  { ownersFile }: Pick<World, 'ownersFile'>,
  worker: string,
  at: number,
): number | undefined {
  const taken = Map.groupBy(readDurableLog<Taken>(ownersFile), ({ run }) => run);
  let longest: number | undefined;
  for (const lines of taken.values()) {
    const last = lines.findLast((line) => line.at <= at);
    const next = lines.find((line) => line.at > at && line.worker !== worker);
    if (last?.worker === worker && next) longest = Math.max(longest ?? 0, next.at - at);
  }
  return longest;
}
