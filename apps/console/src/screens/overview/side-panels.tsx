import { Group, Stack, Text, Tooltip } from '@mantine/core';
import { AppLink } from '../../ui/app-link.tsx';
import { EffectBadge, SimulatedMark, ToneBadge } from '../../ui/badges.tsx';
import { SAVED_MEANS, savedTime } from '../../ui/saved-time.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { STATES } from '../sources/account.ts';
import { simulatedShare } from './figures.ts';
import type { Overview } from './matters.ts';
import styles from './overview.module.css';
import { Panel } from './panel.tsx';

/** Changes in force, by how much they cut off. */
export function EffectsPanel({ effects }: { readonly effects: NonNullable<Overview['effects']> }) {
  const { in_force, ending } = effects;
  return (
    <Panel
      title="Changes in force"
      className={styles.narrow}
      side={
        <AppLink to="/effects" size="sm">
          See them
        </AppLink>
      }
    >
      {in_force.length === 0 ? (
        <Text size="sm" c="dimmed">
          None. What playbooks block, isolate or disable is listed here until it is undone.
        </Text>
      ) : (
        <Stack gap="xs">
          <ul className={styles.rows}>
            {in_force.map(({ class: effect, count }) => (
              <li key={effect} className={styles.row}>
                <span>
                  <EffectBadge effect={effect} />
                </span>
                <span className={styles.figure}>{count.toLocaleString('en')}</span>
              </li>
            ))}
          </ul>
          <Text size="xs" c="dimmed">
            {ending === 0 ? 'None of them ends' : `${ending} of them ${ending === 1 ? 'ends' : 'end'}`} by itself within
            the hour.
          </Text>
        </Stack>
      )}
    </Panel>
  );
}

/** How the sources stand. */
export function SourcesPanel({ sources }: { readonly sources: NonNullable<Overview['sources']> }) {
  return (
    <Panel
      title="Sources"
      className={styles.narrow}
      side={
        <AppLink to="/sources" size="sm">
          All
        </AppLink>
      }
    >
      {sources.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet.{' '}
          <AppLink to="/sources?add=true" underline="always">
            Add one
          </AppLink>
          , and let a tool post its alerts to it.
        </Text>
      ) : (
        <ul className={styles.rows}>
          {sources.map(({ id, title, state, last_at, last_day, simulated, missing, turned_away }) => (
            <li key={id} className={styles.row}>
              <div>
                <AppLink to={`/sources/${encodeURIComponent(id)}`} c="inherit">
                  <Untrusted text={title} line longest={60} />
                </AppLink>
                <Text size="xs" c="dimmed">
                  {last_day.toLocaleString('en')} in 24 h · last <When at={last_at} none="never" />
                </Text>
                {turned_away > 0 && (
                  <Text size="xs" c="var(--cp-warn)">
                    {turned_away.toLocaleString('en')} refused at the door in the last hour
                  </Text>
                )}
              </div>
              <Group gap={4} wrap="nowrap">
                <SimulatedMark simulated={simulated} />
                {missing > 0 ? (
                  <ToneBadge tone="bad" word="does not add up" />
                ) : (
                  <ToneBadge tone={STATES[state].tone} word={STATES[state].word} means={STATES[state].means} />
                )}
              </Group>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** What the saved time is made of. */
export function SavedPanel({ saved }: { readonly saved: NonNullable<Overview['saved']> }) {
  const { total, week, top } = saved;
  const simulated = simulatedShare(total, 'on simulated events');
  return (
    <Panel
      title="Time saved"
      className={styles.narrow}
      side={
        <Tooltip label={SAVED_MEANS}>
          <Text size="sm" c="dimmed" component="button" type="button" className={styles.plain}>
            How?
          </Text>
        </Tooltip>
      }
    >
      <Stack gap="xs">
        <Text size="sm">
          <Text span fw={650}>
            {savedTime(week.minutes)}
          </Text>{' '}
          in 7 days, {savedTime(total.minutes)} in all
          {simulated && (
            <Text span c="dimmed">
              {' '}
              ({simulated})
            </Text>
          )}
        </Text>
        {top.length === 0 ? (
          <Text size="sm" c="dimmed">
            No step of a run in the last 7 days has saved time yet.
          </Text>
        ) : (
          <ul className={styles.rows}>
            {top.slice(0, 5).map(({ playbook, action, steps, minutes }) => (
              <li key={`${playbook} ${action}`} className={styles.row}>
                <div>
                  <Untrusted text={action} line longest={60} />
                  <Text size="xs" c="dimmed">
                    {steps.toLocaleString('en')} × in <Untrusted text={playbook} line longest={60} />
                  </Text>
                </div>
                <span className={styles.figure}>{savedTime(minutes)}</span>
              </li>
            ))}
          </ul>
        )}
      </Stack>
    </Panel>
  );
}
