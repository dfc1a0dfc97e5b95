import type { CallResult } from '@counterpoint/sdk';
import { Badge, Group, Stack, Text } from '@mantine/core';
import { StatusBadge } from '../../ui/badges.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import styles from './alerts.module.css';
import { Panel } from './panel.tsx';
import { attacksOf, factsOf } from './reading-lines.ts';

type WholeAlert = CallResult<'getAlert'>;

function AlertFacts({ alert }: { readonly alert: WholeAlert }) {
  const facts = factsOf(alert.finding);
  const attacks = attacksOf(alert.finding);
  return (
    <Facts>
      {facts.map(({ target, name, value }) => (
        <div key={target} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>
            <Untrusted text={value} longest={400} />
          </dd>
        </div>
      ))}
      {attacks.length > 0 && (
        <>
          <dt>ATT&CK</dt>
          <dd>
            <Group gap={4}>
              {attacks.map((attack) => (
                <Badge key={attack} variant="light" color="gray" radius="sm" size="sm" tt="none">
                  <Untrusted text={attack} line longest={60} />
                </Badge>
              ))}
            </Group>
          </dd>
        </>
      )}
      {facts.length === 0 && attacks.length === 0 && (
        <Text size="sm" c="dimmed">
          The source says nothing more than the title.
        </Text>
      )}
    </Facts>
  );
}

const MEANS: Readonly<Record<string, string>> = {
  created: 'made this alert',
  merged: 'was counted on it',
  duplicate: 'came again, not counted',
};

function Decisions({ alert }: { readonly alert: WholeAlert }) {
  const { decisions, count } = alert;
  return (
    <>
      <ul className={styles.list}>
        {decisions.map(({ decision, reason, raw, item, at }) => (
          <li key={`${raw}/${item}`} className={styles.decision}>
            <StatusBadge state={decision} />
            <span>{MEANS[decision] ?? decision}</span>
            <Text span size="xs" c="dimmed">
              <When at={at} />, {reason}
            </Text>
          </li>
        ))}
      </ul>
      {count > decisions.length && (
        <Text size="xs" c="dimmed">
          and {(count - decisions.length).toLocaleString('en')} more
        </Text>
      )}
    </>
  );
}

/** What, who and where; how often; and the finding as it is kept. */
export function SummaryTab({ alert }: { readonly alert: WholeAlert }) {
  return (
    <Stack gap="md">
      <div className={styles.grid}>
        <Panel title="What, who and where">
          <AlertFacts alert={alert} />
        </Panel>
        <Panel title="What came in">
          <Facts>
            <dt>First seen</dt>
            <dd>
              <When at={alert.first_seen} />
            </dd>
            <dt>Last seen</dt>
            <dd>
              <When at={alert.last_seen} />
            </dd>
            <dt>Counted</dt>
            <dd>{alert.count === 1 ? 'once' : `${alert.count.toLocaleString('en')} times`}</dd>
          </Facts>
          <Decisions alert={alert} />
        </Panel>
      </div>
      <Panel title="The finding as it is kept (OCSF)">
        <JsonView value={alert.finding} open={1} label="finding" />
      </Panel>
    </Stack>
  );
}
