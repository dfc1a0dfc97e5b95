import { SimpleGrid } from '@mantine/core';
import { Stat } from '../../ui/stat.tsx';
import { shortDuration } from '../../ui/times.ts';
import { When } from '../../ui/when.tsx';
import { endedIn, savedTime, simulatedShare } from './figures.ts';
import type { Overview } from './matters.ts';

function AlertTile({ alerts }: { readonly alerts: NonNullable<Overview['alerts']> }) {
  const { fresh, oldest } = alerts;
  return (
    <Stat
      label="Alerts nobody took up"
      value={fresh.toLocaleString('en')}
      hint={
        oldest === null ? (
          'the queue is empty'
        ) : (
          <>
            the oldest came <When at={oldest} />
          </>
        )
      }
      to="/alerts?status=new"
    />
  );
}

function ApprovalTile({ approvals }: { readonly approvals: NonNullable<Overview['approvals']> }) {
  const { open, oldest, due } = approvals;
  return (
    <Stat
      label="Waiting for people"
      value={open.toLocaleString('en')}
      hint={
        oldest === null ? (
          'nobody waits'
        ) : (
          <>
            asked <When at={oldest} />
            {due === null ? (
              ''
            ) : (
              <>
                , next due <When at={due} />
              </>
            )}
          </>
        )
      }
      {...(open > 0 ? { tone: 'warn' as const } : {})}
      to="/approvals"
    />
  );
}

function RunTile({ runs }: { readonly runs: NonNullable<Overview['runs']> }) {
  const { rate, failed } = endedIn(runs.day.slices);
  return (
    <Stat
      label="Runs under way"
      value={runs.live.toLocaleString('en')}
      hint={`${rate === null ? 'none ended' : `${failed} failed`} in 24 h${runs.paused > 0 ? `, ${runs.paused} paused` : ''}`}
      to="/runs?status=queued,running,waiting"
    />
  );
}

function TimeTiles({ times }: { readonly times: NonNullable<Overview['times']> }) {
  const { decide, close, open_cases } = times;
  return (
    <>
      <Stat
        label="People decide in"
        value={decide ? shortDuration(decide.mean) : '–'}
        hint={decide ? `mean of ${decide.count} in 7 days` : 'no decision in 7 days'}
        to="/approvals"
      />
      <Stat
        label="Cases closed in"
        value={close ? shortDuration(close.mean) : '–'}
        hint={
          close ? `mean of ${close.count} in 7 days, ${open_cases} open` : `none closed in 7 days, ${open_cases} open`
        }
        to="/cases"
      />
    </>
  );
}

/** The figures that say at a glance how things stand; each leads to what is behind it. */
export function Tiles({ overview }: { readonly overview: Overview }) {
  const { alerts, approvals, runs, times, saved } = overview;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
      {approvals && <ApprovalTile approvals={approvals} />}
      {alerts && <AlertTile alerts={alerts} />}
      {runs && <RunTile runs={runs} />}
      {times && <TimeTiles times={times} />}
      {saved && (
        <Stat
          label="Time saved, 24 h"
          value={savedTime(saved.day.minutes)}
          hint={simulatedShare(saved.day, 'simulated') ?? 'by steps of runs that ended'}
          tone="good"
        />
      )}
    </SimpleGrid>
  );
}
