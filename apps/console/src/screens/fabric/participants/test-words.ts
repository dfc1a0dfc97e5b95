import type { CallResult } from '@counterpoint/sdk';
import type { ParticipantDetails } from './participant-rows.ts';

/** What came of asking a participant whether it is there. */
export type ParticipantTest = CallResult<'testParticipant'>;
type Via = ParticipantDetails['sessions'][number]['via'];

/** How a participant is connected, in words. */
export const VIAS: Readonly<Record<Via, string>> = { http: 'HTTP', mqtt: 'MQTT', dxl: 'OpenDXL', edge: 'edge node' };

const WHY: Readonly<Record<Via, string>> = {
  http: 'Over HTTP it fetches what concerns it: nothing can be sent to it that it did not ask for.',
  mqtt: 'MQTT has no question that a server could ask a client.',
  dxl: 'OpenDXL has no question that a broker could ask a client.',
  edge: 'It is an edge node, and can be asked by its own service only.',
};

/** What a test is told as: a sentence, and what it means. */
export interface TestWords {
  readonly tone: 'good' | 'bad' | 'warn' | 'calm';
  readonly text: string;
  readonly more: string;
}

/** The time that an answer took. */
function took(millis: number | null): string {
  const time = millis ?? 0;
  return time < 1_000 ? `${time} ms` : `${(time / 1_000).toFixed(1)} s`;
}

function unasked({ sessions }: ParticipantTest): TestWords {
  const [session] = sessions;
  const offer = 'For a real answer let it offer a read named ping, without any input.';
  if (!session) {
    const text = 'It is connected to another process of this server, and cannot be asked from here.';
    return { tone: 'calm', text, more: offer };
  }
  return { tone: 'calm', text: 'It is connected. It was not asked anything.', more: `${WHY[session.via]} ${offer}` };
}

function away({ enabled, joined_at }: Pick<ParticipantDetails, 'enabled' | 'joined_at'>): TestWords {
  const tone = 'bad';
  if (!enabled) return { tone, text: 'It is disabled, and cannot join.', more: 'Enable it to let it come back.' };
  if (joined_at === null) {
    const more = 'Start it with its credential; it shows up here as soon as it joins.';
    return { tone, text: 'It has never joined.', more };
  }
  const more = 'Look whether it runs, reaches this server, and has a credential that is valid.';
  return { tone, text: 'It is not connected.', more };
}

/** Puts a test in words. What the participant itself said stands in `error`, and is not among them. */
export function testWords(
  test: ParticipantTest,
  participant: Pick<ParticipantDetails, 'enabled' | 'joined_at'>,
): TestWords {
  switch (test.outcome) {
    case 'answered':
      return test.error === null
        ? { tone: 'good', text: `It answered in ${took(test.millis)}.`, more: '' }
        : { tone: 'warn', text: `It answered in ${took(test.millis)}, with an error:`, more: '' };
    case 'silent':
      return { tone: 'bad', text: `It did not answer; ${took(test.millis)} were waited for.`, more: '' };
    case 'unasked':
      return unasked(test);
    default:
      return away(participant);
  }
}
