import { Anchor, Code, Group, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { JsonView } from '../../../ui/json-view.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { Section } from '../parts/section.tsx';
import { WideTable } from '../parts/wide-table.tsx';
import { counted } from '../parts/words.ts';
import type { ParticipantDetails } from './participant-rows.ts';
import styles from './participant-sections.module.css';

interface Of {
  readonly one: ParticipantDetails;
}

function Patterns({ label, patterns, none }: { label: string; patterns: readonly string[]; none: string }) {
  return (
    <div className={styles.right}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      {patterns.length === 0 ? (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      ) : (
        <Group gap={4}>
          {patterns.map((pattern) => (
            <Code key={pattern} className={styles.code ?? ''}>
              <Untrusted text={pattern} longest={300} />
            </Code>
          ))}
        </Group>
      )}
    </div>
  );
}

/** What it may do, and what it is believed. */
export function Rights({ one: { id, rights, trust, declared } }: Of) {
  return (
    <Section
      title="Rights and trust"
      about={declared ? `Git says so: content/participants/${id}.yaml` : 'It may do this, and nothing else.'}
      action={
        <Anchor component={Link} to="/fabric" search={{ focus: `participant:${id}` } as never} size="sm">
          Show on the map
        </Anchor>
      }
    >
      <div className={styles.rights}>
        <Patterns label="May publish on" patterns={rights.publish} none="nothing" />
        <Patterns label="May take" patterns={rights.subscribe} none="nothing" />
        <Patterns label="May offer" patterns={rights.offer} none="nothing" />
        <Patterns label="May ask for" patterns={rights.invoke} none="nothing" />
        <Patterns label="Is believed on" patterns={trust} none="nothing: what it says cuts nothing off" />
      </div>
    </Section>
  );
}

/** Where it says something else of itself than git does. */
export function Drift({ one: { drift } }: Of) {
  return (
    <Section
      title="Drift"
      about="It said something else of itself when it joined than git declares. Git counts; bring one of the two in line."
    >
      <WideTable label="Drift" minWidth={520} heads={['Field', 'Declared in git', 'Said when it joined']}>
        {drift.map(({ field, declared, found }) => (
          <Table.Tr key={field}>
            <Table.Td>
              <Code>{field}</Code>
            </Table.Td>
            <Table.Td className={styles.value ?? ''}>
              {declared === null ? 'nothing' : <JsonView value={declared} />}
            </Table.Td>
            <Table.Td className={styles.value ?? ''}>
              {found === null ? 'nothing' : <JsonView value={found} />}
            </Table.Td>
          </Table.Tr>
        ))}
      </WideTable>
    </Section>
  );
}

/** What it tried and was not allowed: how often, and why since the server started. */
export function Refusals({ one: { refusals, refused_day } }: Of) {
  const often = refused_day === 0 ? 'Nothing was refused' : `It was refused ${counted(refused_day, 'time')}`;
  return (
    <Section title="Refused" about={`What it tried and may not do. ${often} in the last 24 hours.`}>
      {refusals.length === 0 ? (
        <Text size="sm">
          Nothing was refused since this server started.
          {refused_day > 0 && ' Earlier refusals are in the audit log.'}
        </Text>
      ) : (
        <WideTable label="Refused" minWidth={560} heads={['What', 'Why', 'Times', 'Last']}>
          {refusals.map(({ kind, subject, count, code, reason, at }) => (
            <Table.Tr key={`${kind} ${subject}`}>
              <Table.Td className={styles.value ?? ''}>
                {kind} <Untrusted text={subject} ff="monospace" longest={120} />
              </Table.Td>
              <Table.Td className={styles.value ?? ''}>
                <Untrusted text={reason} longest={300} /> <Code>{code}</Code>
              </Table.Td>
              <Table.Td>{count.toLocaleString('en')}</Table.Td>
              <Table.Td>
                <When at={at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </WideTable>
      )}
    </Section>
  );
}

/** What it offers now, and what it said of itself. */
export function Live({ one: { instances, services, capabilities, declaration } }: Of) {
  return (
    <Section title="What it offers">
      <div className={styles.rights}>
        <Patterns label="Services that it offers" patterns={services} none="none" />
        <Patterns label="Capabilities" patterns={capabilities} none="none" />
        <Patterns
          label="Live instances"
          patterns={instances.map(({ id, service }) => `${service} (${id})`)}
          none="none"
        />
      </div>
      {declaration !== null && (
        <>
          <Text size="xs" c="dimmed" mt="sm" mb={4}>
            Its declaration
          </Text>
          <JsonView value={declaration} open={1} label="declaration" />
        </>
      )}
    </Section>
  );
}
