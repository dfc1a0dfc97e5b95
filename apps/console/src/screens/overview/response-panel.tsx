import { Text, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { AppLink } from '../../ui/app-link.tsx';
import { shortDuration } from '../../ui/times.ts';
import { meanWords, othersWords, type Spread, TIMES_MEAN } from './figures.ts';
import type { Overview } from './matters.ts';
import styles from './overview.module.css';
import { Panel } from './panel.tsx';

interface TimeProps {
  readonly what: ReactNode;
  readonly means: string;
  /** The figure that counts; undefined: there is none. */
  readonly figure: string | undefined;
  readonly small: string;
}

function Time({ what, means, figure = '–', small }: TimeProps) {
  return (
    <li className={styles.row}>
      <div>
        <Tooltip label={means} multiline w={300} events={{ hover: true, focus: true, touch: true }}>
          <Text span size="sm" component="button" type="button" className={styles.plain}>
            {what}
          </Text>
        </Tooltip>
        <Text size="xs" c="dimmed">
          {small}
        </Text>
      </div>
      <span className={styles.figure}>{figure}</span>
    </li>
  );
}

const median = (spread: Spread) => (spread ? shortDuration(spread.median) : undefined);
const NONE = 'none in 7 days';

function AlertTimes({ alerts }: { readonly alerts: NonNullable<Overview['alerts']> }) {
  const { acknowledge, resolve } = alerts;
  const { people } = acknowledge;
  const words = [people ? meanWords(people) : 'none by people in 7 days', othersWords(acknowledge)];
  return (
    <>
      <Time
        what="Alert taken in hand"
        means={TIMES_MEAN.alertTaken}
        figure={median(people)}
        small={words.filter((one) => one !== '').join(', ')}
      />
      <Time
        what="Alert resolved"
        means={TIMES_MEAN.alertResolved}
        figure={median(resolve)}
        small={resolve ? meanWords(resolve) : NONE}
      />
    </>
  );
}

function CaseTimes({ times }: { readonly times: NonNullable<Overview['times']> }) {
  const { acknowledge, close, decide, open_cases } = times;
  const { people } = acknowledge;
  return (
    <>
      <Time
        what="Case taken in hand"
        means={TIMES_MEAN.caseTaken}
        figure={median(people)}
        small={people ? meanWords(people) : NONE}
      />
      <Time
        what="Case closed"
        means={TIMES_MEAN.caseClosed}
        figure={median(close)}
        small={`${close ? meanWords(close) : NONE}, ${open_cases.toLocaleString('en')} open`}
      />
      <Time
        what="Decision of people"
        means={TIMES_MEAN.decided}
        figure={decide ? shortDuration(decide.mean) : undefined}
        small={decide ? `mean of ${decide.count.toLocaleString('en')}` : NONE}
      />
    </>
  );
}

/** How long people take: the middle one of the last 7 days, and the mean. */
export function ResponsePanel({ overview: { alerts, times } }: { readonly overview: Overview }) {
  if (!alerts && !times) return null;
  return (
    <Panel
      title="Response times"
      className={styles.narrow}
      side={
        <Text size="xs" c="dimmed">
          median, 7 days
        </Text>
      }
    >
      <ul className={styles.rows}>
        {alerts && <AlertTimes alerts={alerts} />}
        {times && <CaseTimes times={times} />}
      </ul>
      {times && (
        <Text size="xs" c="dimmed" mt="xs">
          <AppLink to="/cases?status=open&owner=none" underline="always">
            Open cases without an owner: {times.unowned_cases.toLocaleString('en')}
          </AppLink>
        </Text>
      )}
    </Panel>
  );
}
