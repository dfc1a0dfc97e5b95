import type { Door } from '@counterpoint/actions';
import { type Clock, CounterpointError } from '@counterpoint/core';
import type { EdgeCommandRow } from '@counterpoint/events';
import { type MessageTrust, readMessage, type SignedText } from '../signed-text.ts';

/** What following commands of the centre needs. */
export interface ObeyOptions {
  readonly clock: Clock;
  readonly door: Pick<Door, 'release'>;
  readonly trust: MessageTrust;
}

/** What became of a command. */
export interface Obeyed {
  readonly id: string;
  readonly result: string;
}

type Command = Pick<EdgeCommandRow, 'id' | 'kind' | 'effect' | 'reason' | 'principal' | 'trace' | 'cause' | 'hop'>;

/**
 * Does what the centre wants to have done. Doing it twice does no harm. What fails for now is left out, so that it comes
 * again.
 *
 * @throws fabric.edge_message_refused when the centre has not signed it
 */
export async function obey({ clock, door, trust }: ObeyOptions, message: SignedText): Promise<readonly Obeyed[]> {
  const commands = readMessage('commands', message, trust, clock.now()) as unknown as readonly Command[];
  const obeyed: Obeyed[] = [];
  for (const command of commands) {
    const result = await releaseOne(door, command, clock.now());
    if (result !== undefined) obeyed.push({ id: command.id, result: result.slice(0, 2_000) });
  }
  return obeyed;
}

async function releaseOne(
  door: Pick<Door, 'release'>,
  { effect, reason, principal, trace, cause, hop }: Command,
  now: number,
): Promise<string | undefined> {
  try {
    const causality = { principal, trace, cause, hop };
    const { kept, failed } = await door.release({ of: { kind: 'effect', effect }, reason, causality, now });
    const [problem] = failed;
    // The lease keeper tries it again; what became of it comes home with the ledger.
    if (problem) return `not yet: ${problem.error.message}`;
    const [stays] = kept;
    return stays ? `kept: ${stays.reason}` : 'undone';
  } catch (error) {
    if (error instanceof CounterpointError && !error.code.startsWith('events.')) return `failed: ${error.message}`;
    throw error;
  }
}
