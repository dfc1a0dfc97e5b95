import { SimpleGrid } from '@mantine/core';
import { savedTime } from '../../ui/saved-time.ts';
import { Stat } from '../../ui/stat.tsx';
import { shortDuration } from '../../ui/times.ts';
import { When } from '../../ui/when.tsx';
import { endedIn, meanWords, othersWords, simulatedShare, TIMES_MEAN } from './figures.ts';
import type { Overview } from './matters.ts';

function AlertTile({ alerts }: { readonly alerts: NonNullable<Overview['alerts']> }) {
  const { fresh, oldest } = alerts;
  return (
    <Stat
      label="New alerts"
      value={fresh.toLocaleString('en')}
      hint={
        oldest === null ? (
          'none waits'
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

function TimeTiles({ alerts }: { readonly alerts: NonNullable<Overview['alerts']> }) {
  const { acknowledge, resolve } = alerts;
  const { people } = acknowledge;
  return (
    <>
      <Stat
        label="Time to acknowledge"
        value={people ? shortDuration(people.median) : '–'}
        hint={people ? `median, ${meanWords(people)} alerts` : othersWords(acknowledge) || 'none in 7 days'}
        means={TIMES_MEAN.alertTaken}
        to="/alerts"
      />
      <Stat
        label="Time to resolve"
        value={resolve ? shortDuration(resolve.median) : '–'}
        hint={resolve ? `median, ${meanWords(resolve)} alerts` : 'none in 7 days'}
        means={TIMES_MEAN.alertResolved}
        to="/alerts?status=resolved"
      />
    </>
  );
}

/** The figures that say at a glance how things stand; each leads to what is behind it. */
export function Tiles({ overview }: { readonly overview: Overview }) {
  const { alerts, approvals, runs, saved } = overview;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
      {approvals && <ApprovalTile approvals={approvals} />}
      {alerts && <AlertTile alerts={alerts} />}
      {runs && <RunTile runs={runs} />}
      {alerts && <TimeTiles alerts={alerts} />}
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
