import { Tooltip } from '@mantine/core';
import { absoluteTime, shortDuration } from '../../ui/times.ts';
import { plainText } from '../../ui/untrusted-text.ts';
import { whoIs } from './timeline.ts';
import { usePeople } from './use-people.ts';

interface HandledProps {
  readonly of: {
    readonly created_at: number;
    readonly acknowledged_at: number | null;
    readonly acknowledged_by: string;
  };
  /** When it ended; null: it is open. */
  readonly ended: number | null;
  /** How it ended: `resolved`, `closed`. */
  readonly how: string;
}

function After({ at, from, words }: { readonly at: number; readonly from: number; readonly words: string }) {
  const took = shortDuration(Math.max(0, at - from));
  return (
    <Tooltip label={`${absoluteTime(at)}, counted from ${absoluteTime(from)}`}>
      <span>{`${words} after ${took}`}</span>
    </Tooltip>
  );
}

/** When somebody took an alert or a case in hand and when it was over, each by how long it took. */
export function Handled({ of: { created_at, acknowledged_at, acknowledged_by }, ended, how }: HandledProps) {
  const { names } = usePeople();
  return (
    <>
      {acknowledged_at !== null && acknowledged_at > created_at && (
        <After
          at={acknowledged_at}
          from={created_at}
          words={`taken in hand by ${plainText(whoIs(acknowledged_by, names), 60)}`}
        />
      )}
      {ended !== null && <After at={ended} from={created_at} words={how} />}
    </>
  );
}
