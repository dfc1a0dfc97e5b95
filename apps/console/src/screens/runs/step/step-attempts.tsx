import { Table } from '@mantine/core';
import { StatusBadge } from '../../../ui/badges.tsx';
import { absoluteTime, shortDuration } from '../../../ui/times.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import type { StepView } from '../run/run-view.ts';
import { Section } from './step-section.tsx';

/** Every try of a step: when, how long, and why it did not do. */
export function StepAttempts({ step: { attempts } }: { readonly step: StepView }) {
  if (attempts.length === 0) return null;
  return (
    <Section title={attempts.length === 1 ? 'Attempt' : `${attempts.length} attempts`}>
      <Table verticalSpacing={3} fz="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>No.</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th ta="right">Took</Table.Th>
            <Table.Th>Error</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attempts.map(({ number, generation, status, started_at, ended_at, error }) => (
            <Table.Tr key={`${generation}/${number}`}>
              <Table.Td title={absoluteTime(started_at)}>{number}</Table.Td>
              <Table.Td>
                <StatusBadge state={status} />
              </Table.Td>
              <Table.Td ta="right">{ended_at === null ? '' : shortDuration(ended_at - started_at)}</Table.Td>
              <Table.Td maw={220}>{error && <Untrusted text={error.message} line longest={200} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
